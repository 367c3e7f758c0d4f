"""At which opcode a loader would find a value missing: pickletools' table of what each opcode takes
and leaves, on a stack of names. An independent second judge: genops does not look at the stack.
"""
import pickletools

MARK, SLICE = "mark", "stackslice"
NEVER_A_NAME = {"None", "bool", "int", "int_or_bool", "float", "bytes", "bytearray", "list",
                "tuple", "dict", "set", "frozenset", "buffer"}
MEMO_PUTS = {"PUT", "BINPUT", "LONG_BINPUT"}
MEMO_GETS = {"GET", "BINGET", "LONG_BINGET"}
# These change what is on the stack and leave it there; a str in its place stays a str for us, where
# a loader raises for it.
IN_PLACE = {"APPEND", "APPENDS", "SETITEM", "SETITEMS", "ADDITEMS", "BUILD", "READONLY_BUFFER"}
PAIRED = {"DICT", "SETITEMS"}
NAMES = {code.name: code for code in pickletools.opcodes}


class Refused(Exception):
    pass


class Stack:
    def __init__(self):
        self.values, self.memo = [], {}

    def pop(self):
        if not self.values or self.values[-1] == MARK:
            raise Refused("a value is missing")
        return self.values.pop()

    def pop_to_mark(self):
        if MARK not in self.values:
            raise Refused("no mark")
        at = len(self.values) - 1 - self.values[::-1].index(MARK)
        above = self.values[at + 1:]
        del self.values[at:]
        return above

    def take(self, name, before):
        """Returns what the opcode took from above a mark."""
        if MARK in before:
            above = self.pop_to_mark()
            if len(above) < len(before) - before.index(MARK) - 1 - (SLICE in before):
                raise Refused("the class is missing")
            if name in IN_PLACE:
                self.values.append(self.pop())
            return above
        taken = [self.pop() for _ in before]
        if name in IN_PLACE:
            self.values.append(taken[-1])
        if name == "STACK_GLOBAL" and NEVER_A_NAME & set(taken):
            raise Refused("a name that is no text")
        return taken

    def step(self, name, argument):
        code = NAMES[name]
        before = [kind.name for kind in code.stack_before]
        after = [kind.name for kind in code.stack_after]
        if name == "POP" and self.values and self.values[-1] == MARK:
            self.values.pop()
            return
        if name in MEMO_PUTS or name == "MEMOIZE":
            value = self.pop()
            self.values.append(value)
            self.memo[len(self.memo) if name == "MEMOIZE" else argument] = value
            return
        if name in MEMO_GETS:
            if argument not in self.memo:
                raise Refused("an empty memo slot")
            after = [self.memo[argument]]
        taken = self.take(name, before)
        if name == "DUP":
            after = taken * 2
        if name in PAIRED and len(taken) % 2:
            raise Refused("a key without its value")
        if name not in IN_PLACE:
            self.values += after


def first_refusal(ops):
    """The index of the first opcode that a loader refuses, or None; ops are (name, argument)."""
    stack = Stack()
    for index, (name, argument) in enumerate(ops):
        try:
            stack.step(name, argument)
        except Refused:
            return index
    return None
