// scratch.js - Programs of Scratch blocks, written as lists, as the project.json that Scratch's engines read.

/**
 * A value: a number, the name of a variable, ['arg', name] inside a block of its own, or an operator with its values.
 * @typedef {number | string | any[]} Value
 */

/** Operators: their block, its inputs, and the menu of those that have one. @type {Record<string, [string, string[], Record<string, string>?]>} */
const OPERATORS = {
  '+': ['operator_add', ['NUM1', 'NUM2']],
  '-': ['operator_subtract', ['NUM1', 'NUM2']],
  '*': ['operator_multiply', ['NUM1', 'NUM2']],
  '/': ['operator_divide', ['NUM1', 'NUM2']],
  mod: ['operator_mod', ['NUM1', 'NUM2']],
  '<': ['operator_lt', ['OPERAND1', 'OPERAND2']],
  '>': ['operator_gt', ['OPERAND1', 'OPERAND2']],
  '=': ['operator_equals', ['OPERAND1', 'OPERAND2']],
  and: ['operator_and', ['OPERAND1', 'OPERAND2']],
  not: ['operator_not', ['OPERAND']],
  random: ['operator_random', ['FROM', 'TO']],
  floor: ['operator_mathop', ['NUM'], { OPERATOR: 'floor' }],
  sqrt: ['operator_mathop', ['NUM'], { OPERATOR: 'sqrt' }],
  sin: ['operator_mathop', ['NUM'], { OPERATOR: 'sin' }],
  acos: ['operator_mathop', ['NUM'], { OPERATOR: 'acos' }],
};

/** Inputs that take a truth, and have nothing in them when it is not there. */
const TRUTHS = /^(CONDITION|OPERAND)$/;

/**
 * @typedef {object} Script
 * @property {string[]} [variables]  besides those that scripts name, whose values are 0
 * @property {Record<string, number[]>} [lists]
 * @property {any[][]} [start]  when the flag is clicked; else the block `main` is called
 * @property {Record<string, {args?: string[], body: any[][]}>} [blocks]  blocks of its own, which run without refresh
 * @property {Record<string, any[][]>} [messages]  what is done when one is received
 */

/** @param {Script} script */
export function project({ variables = [], lists = {}, start = [['call', 'main']], blocks = {}, messages = {} }) {
  /** @type {Record<string, any>} */
  const all = {};
  const names = new Set(variables);
  const put = (/** @type {any} */ block) => {
    const id = `b${Object.keys(all).length}`;
    all[id] = { next: null, parent: null, inputs: {}, fields: {}, shadow: false, topLevel: false, ...block };
    return id;
  };
  const adopt = (/** @type {string} */ child, /** @type {string} */ parent) => (all[child].parent = parent);

  /** An input of a block: a number, a variable or another block. @param {string} owner @param {string} name @param {Value} value */
  const input = (owner, name, value) => {
    const target = all[owner].inputs;
    if (typeof value === 'number') target[name] = [1, [4, String(value)]];
    else if (Array.isArray(value) && value[0] === 'text') target[name] = [1, [10, value[1]]];
    else if (typeof value === 'string') {
      names.add(value);
      target[name] = [3, [12, value, value], [4, '']];
    } else {
      const block = reporter(value);
      adopt(block, owner);
      target[name] = TRUTHS.test(name) ? [2, block] : [3, block, [4, '']];
    }
  };

  /** @param {any[]} value */
  const reporter = ([name, ...args]) => {
    if (name === 'arg') return put({ opcode: 'argument_reporter_string_number', fields: { VALUE: [args[0], null] } });
    if (name === 'item') {
      const id = put({ opcode: 'data_itemoflist', fields: { LIST: [args[0], args[0]] } });
      input(id, 'INDEX', args[1]);
      return id;
    }
    const [opcode, inputs, menu = {}] = OPERATORS[name];
    const id = put({ opcode, fields: Object.fromEntries(Object.entries(menu).map(([key, choice]) => [key, [choice, null]])) });
    inputs.forEach((socket, i) => input(id, socket, args[i]));
    return id;
  };

  const field = (/** @type {string} */ key, /** @type {string} */ name) => ({ [key]: [name, name] });
  const variable = (/** @type {string} */ name) => (names.add(name), field('VARIABLE', name));
  const sub = (/** @type {string} */ id, /** @type {string} */ name, /** @type {any[][]} */ body) => {
    const first = chain(body, id);
    if (first) all[id].inputs[name] = [2, first];
  };

  /** @type {Record<string, (...args: any[]) => string>} */
  const statements = {
    set: (name, value) => give(put({ opcode: 'data_setvariableto', fields: variable(name) }), { VALUE: value }),
    change: (name, value) => give(put({ opcode: 'data_changevariableby', fields: variable(name) }), { VALUE: value }),
    replace: (list, index, value) => give(put({ opcode: 'data_replaceitemoflist', fields: field('LIST', list) }), { INDEX: index, ITEM: value }),
    repeat: (times, body) => nest(give(put({ opcode: 'control_repeat' }), { TIMES: times }), body),
    until: (condition, body) => nest(give(put({ opcode: 'control_repeat_until' }), { CONDITION: condition }), body),
    if: (condition, body, other) => nest(give(put({ opcode: other ? 'control_if_else' : 'control_if' }), { CONDITION: condition }), body, other),
    send: (message) => {
      const id = put({ opcode: 'event_broadcast' });
      all[id].inputs.BROADCAST_INPUT = [1, [11, message, message]];
      return id;
    },
    call: (name, ...values) => {
      const id = put({ opcode: 'procedures_call', mutation: { tagName: 'mutation', children: [], ...signature(name) } });
      (blocks[name].args ?? []).forEach((arg, i) => input(id, `${name}-${arg}`, values[i]));
      return id;
    },
  };
  const give = (/** @type {string} */ id, /** @type {Record<string, Value>} */ inputs) => {
    for (const [name, value] of Object.entries(inputs)) input(id, name, value);
    return id;
  };
  const nest = (/** @type {string} */ id, /** @type {any[][]} */ body, /** @type {any[][] | undefined} */ other) => {
    sub(id, 'SUBSTACK', body);
    if (other) sub(id, 'SUBSTACK2', other);
    return id;
  };
  const signature = (/** @type {string} */ name) => {
    const { args = [] } = blocks[name];
    return { proccode: [name, ...args.map(() => '%s')].join(' '), argumentids: JSON.stringify(args.map((arg) => `${name}-${arg}`)), warp: 'true' };
  };

  /** The blocks of a body, one below the other; the first of them. @param {any[][]} body @param {string} parent */
  const chain = (body, parent) => {
    let first = null;
    let last = parent;
    for (const [name, ...args] of body) {
      const id = statements[name](...args);
      adopt(id, last);
      if (first) all[last].next = id;
      first ??= id;
      last = id;
    }
    return first;
  };
  const under = (/** @type {string} */ hat, /** @type {any[][]} */ body) => (all[hat].next = chain(body, hat));

  under(put({ opcode: 'event_whenflagclicked', topLevel: true, x: 0, y: 0 }), start);
  for (const [name, body] of Object.entries(messages)) {
    under(put({ opcode: 'event_whenbroadcastreceived', fields: { BROADCAST_OPTION: [name, name] }, topLevel: true, x: 0, y: 0 }), body);
  }
  for (const [name, { args = [], body }] of Object.entries(blocks)) {
    const hat = put({ opcode: 'procedures_definition', topLevel: true, x: 0, y: 0 });
    const prototype = put({
      opcode: 'procedures_prototype',
      parent: hat,
      shadow: true,
      mutation: {
        tagName: 'mutation',
        children: [],
        ...signature(name),
        argumentnames: JSON.stringify(args),
        argumentdefaults: JSON.stringify(args.map(() => '')),
      },
    });
    all[hat].inputs.custom_block = [1, prototype];
    for (const arg of args) {
      const id = put({ opcode: 'argument_reporter_string_number', parent: prototype, shadow: true, fields: { VALUE: [arg, null] } });
      all[prototype].inputs[`${name}-${arg}`] = [1, id];
    }
    under(hat, body);
  }

  const stage = {
    isStage: true,
    name: 'Stage',
    variables: Object.fromEntries([...names].map((name) => [name, [name, 0]])),
    lists: Object.fromEntries(Object.entries(lists).map(([name, items]) => [name, [name, items]])),
    broadcasts: Object.fromEntries(Object.keys(messages).map((name) => [name, name])),
    blocks: all,
    comments: {},
    currentCostume: 0,
    costumes: [],
    sounds: [],
    volume: 100,
    layerOrder: 0,
  };
  return { targets: [stage], monitors: [], extensions: [], meta: { semver: '3.0.0', vm: '0.2.0', agent: '' } };
}
