/* vm_loop.h (run) - the body of the machine's loop, included by vm.c once for VM_WATCH 0 and once for 1.
**
** State of the loop in locals: i the instruction in hand, pc the next one, budget the fuel left. Dispatched
** instructions are not counted one by one: straight code is a difference of addresses, and a taken jump adds how
** far it went to `hops`. */

#define R(operand) slots[operand]

#define HOP(relative)                                                                              \
    do {                                                                                           \
        pc += (relative);                                                                          \
        hops += (relative);                                                                        \
    } while (0)

/* Fuel is compared before it is charged; an instruction that cannot pay has not happened. */
#define CHARGE(cost)                                                                               \
    do {                                                                                           \
        if (budget < (cost)) {                                                                     \
            in->charge = (u32)(cost);                                                              \
            pc = i;                                                                                \
            status = RUN_YIELD;                                                                    \
            goto out;                                                                              \
        }                                                                                          \
        budget -= (cost);                                                                          \
    } while (0)

#define LEAVE(why)                                                                                 \
    do {                                                                                           \
        status = (why);                                                                            \
        goto out;                                                                                  \
    } while (0)

#define UNLESS(name, lane, test)                                                                   \
    case CODE_unless_##name:                                                                       \
        if (!(R(i->b).lane test R(i->c).lane)) HOP(i->a);                                          \
        break;

static RunStatus VM_LOOP(Instance *in) {
    const Program *p = in->program;
    const Ins *const code = p->code, *pc = code + in->pc, *const begin = pc, *i;
    Slot *const slots = in->slots;
    Slot *const stack = slots + p->stack_first;
    i32 budget = in->budget;
    i64 hops = 0;
    RunStatus status;
    for (;;) {
        i = pc++;
        if (VM_WATCH) {
            in->pc = (u32)(i - code);
            if (!see_activations(in)) {
                pc = i;
                LEAVE(RUN_STEP);
            }
        }
        switch (i->code) {
#define PURE(id, op, types, inputs, output, signature, expression)                                 \
    case CODE_##id: APPLY_##signature(fn_##id, R(i->a), R(i->b), R(i->c), R(i->d)); break;
#include "../op/op.def"
#undef PURE
#if VM_WATCH
#define VEC(id, op, inputs, outputs, meaning) case CODE_##id:
#include "../op/vec.def"
            vec_eval((RowId)i->code, &R(i->a), &R(i->b), &R(i->c), &R(i->d));
            break;
#else
#define VEC(id, op, inputs, outputs, meaning)                                                      \
    case CODE_##id: vec_##id(&R(i->a), &R(i->b), &R(i->c), &R(i->d)); break;
#include "../op/vec.def"
#endif
        case CODE_nop: break;
        case CODE_halt: in->busy = false; LEAVE(RUN_DONE);
        case CODE_mov: R(i->a) = R(i->b); break;
        case CODE_copy: memmove(&R(i->a), &R(i->b), sizeof(Slot) * i->n); break;
        case CODE_fuel: CHARGE(i->a); break;
        case CODE_epoch: slots[STATE_EPOCH].u++; break;
        case CODE_jump: HOP(i->a); break;
        case CODE_jump_not: if (!R(i->b).i) HOP(i->a); break;
        UNLESS(lt_i, i, <)
        UNLESS(le_i, i, <=)
        UNLESS(gt_i, i, >)
        UNLESS(ge_i, i, >=)
        UNLESS(eq_i, i, ==)
        UNLESS(lt_f, f, <)
        UNLESS(le_f, f, <=)
        UNLESS(gt_f, f, >)
        UNLESS(ge_f, f, >=)
        UNLESS(eq_f, f, ==)
        case CODE_switch: {
            i32 far = find_case(p->words + i->a, R(i->b).i);
            HOP(far);
            break;
        }
        case CODE_call:
            if (in->depth + 1 > p->stack_count) goto overflow;
            stack[in->depth++].bits = RETURN_BIT | (u64)(pc - code);
            HOP(i->a);
            break;
        case CODE_ret: {
            i64 far = (i64)stack[--in->depth].u - (pc - code);
            HOP(far);
            break;
        }
        case CODE_push:
            if (in->depth + 1 > p->stack_count) goto overflow;
            stack[in->depth++].bits = R(i->a).u;
            break;
        case CODE_pop: R(i->a).bits = stack[--in->depth].u; break;
        case CODE_enter: if (!effect_enter(in, &R(i->a), (u32)i->b)) LEAVE(RUN_LIMIT); break;
        case CODE_leave: effect_leave(in, &R(i->a)); break;
        case CODE_turn:
            if (R(i->b).i >= R(i->c).i) break;
            CHARGE(i->d);
            HOP(i->a);
            break;
        case CODE_next_turn: {
            i32 next = (i32)(R(i->b).u + 1);
            if (next < R(i->c).i) {
                CHARGE(i->d);
                HOP(i->a);
            }
            R(i->b).i = next;
            break;
        }
        case CODE_random: R(i->a).f = instance_random(in, (u32)i->b); break;
        case CODE_touch:
            store_touch(in, (u32)i->a);
            if (VM_WATCH) instance_trace_pointer(in, (u32)i->a);
            break;
        default:
            in->pc = (u32)(pc - code);
            status = effect(in, i);
            if (status != RUN_DONE) goto out;
        }
        if (VM_WATCH) {
            in->marked = 0;
            effect_wrote(in, (u32)(i - code));
        }
    }
overflow:
    instance_fail(in, "call-depth", NONE);
    status = RUN_LIMIT;
out:
    in->pc = (u32)(pc - code);
    in->budget = budget;
    in->instructions += (u64)((pc - begin) - hops);
    if (!VM_WATCH && (pc - begin) != hops) in->marked = 0;
    return status;
}

#undef R
#undef HOP
#undef CHARGE
#undef LEAVE
#undef UNLESS
