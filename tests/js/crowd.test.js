// crowd.test.js - meshes drawn at once: which, where they are, and when one is drawn by itself again (html/crowd.js).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoxGeometry, Group, Matrix4, Mesh, MeshBasicMaterial, Raycaster, Vector3 } from 'three';
import { Crowds, DRAWN } from '../../html/crowd.js';

const geometry = new BoxGeometry(1, 1, 1);

/** A row of boxes, box i at x = 10 i. */
function rowOf(count, material = new MeshBasicMaterial()) {
  const root = new Group();
  for (let i = 0; i < count; i++) {
    const mesh = new Mesh(geometry, material);
    mesh.position.x = 10 * i;
    root.add(mesh);
  }
  return root;
}

/** Where the instances of a crowd are. */
function places(crowds, which = 0) {
  const drawn = crowds.drawn[which];
  return Array.from({ length: drawn.count }, (_, i) => {
    const matrix = new Matrix4();
    drawn.getMatrixAt(i, matrix);
    return new Vector3().setFromMatrixPosition(matrix).x;
  });
}

function follow(root, crowds) {
  root.updateMatrixWorld(true);
  crowds.follow();
}

test('sixteen of a kind are drawn at once, fifteen are not', () => {
  assert.equal(new Crowds(rowOf(15)).drawn.length, 0);
  const root = rowOf(16);
  const crowds = new Crowds(root);
  follow(root, crowds);
  assert.deepEqual(places(crowds), Array.from({ length: 16 }, (_, i) => 10 * i));
  assert.ok(root.children.every((mesh) => !mesh.layers.isEnabled(DRAWN)));
  assert.ok(root.layers.isEnabled(DRAWN) && crowds.drawn[0].layers.isEnabled(DRAWN));
});

test('meshes of another material are another crowd', () => {
  const root = new Group().add(rowOf(16), rowOf(20));
  const crowds = new Crowds(root);
  follow(root, crowds);
  assert.deepEqual(crowds.drawn.map(({ count }) => count), [16, 20]);
});

test('a mesh moves, hides, and shows again', () => {
  const root = rowOf(17);
  const crowds = new Crowds(root);
  root.children[3].position.x = 7;
  root.children[0].visible = false;
  follow(root, crowds);
  assert.deepEqual(places(crowds).slice(0, 4), [10, 20, 7, 40]);
  assert.equal(crowds.drawn[0].count, 16);
  root.visible = false;
  follow(root, crowds);
  assert.equal(crowds.drawn[0].count, 0);
  root.visible = root.children[0].visible = true;
  follow(root, crowds);
  assert.equal(crowds.drawn[0].count, 17);
});

test('what is no longer alike is drawn by itself', () => {
  const root = rowOf(16);
  const crowds = new Crowds(root);
  root.children[1].material = new MeshBasicMaterial();
  root.children[2].scale.x = -1; // mirrored: its faces turn the other way round
  follow(root, crowds);
  assert.equal(crowds.drawn[0].count, 14);
  assert.deepEqual(root.children.map((mesh) => mesh.layers.isEnabled(DRAWN)).slice(0, 4), [false, true, true, false]);
  root.children[0].material.transparent = true;
  follow(root, crowds);
  assert.equal(crowds.drawn[0].count, 0);
  assert.ok(root.children.every((mesh) => mesh.layers.isEnabled(DRAWN)));
});

test('rays meet the meshes, and not the crowd', () => {
  const root = rowOf(16);
  const crowds = new Crowds(root);
  root.add(...crowds.drawn);
  follow(root, crowds);
  const ray = new Raycaster(new Vector3(50.2, 0.1, 10), new Vector3(0, 0, -1));
  assert.deepEqual(ray.intersectObject(root, true).map(({ object }) => object === root.children[5]), [true]);
  crowds.dispose();
  assert.equal(root.children.length, 16);
});
