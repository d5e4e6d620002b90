/**
 * What a program in the sandbox may not ask of the kernel, as a program of the kernel's own filter (seccomp(2)): what it has no use for, and
 * where the ways out of a sandbox have been. Null where the processor is none of those whose numbers are written down.
 */
export function callFilter(arch: string = process.arch): Buffer | null {
  const machine = MACHINES[arch]
  if (machine === undefined) return null
  const { audit, refused, socket, ioctl, clone } = machine
  return Buffer.concat([
    load(4),
    unless(audit, [give(KILL)]),
    load(0),
    // The second set of numbers of x86-64, by which the first could be gone around.
    ...(arch === 'x64' ? [op(JUMP_AT_LEAST, 0x40000000, 0, 1), give(error(ENOSYS))] : []),
    ...refused.flatMap((number) => [op(JUMP_EQUAL, number, 0, 1), give(error(EPERM))]),
    // Its flags lie in memory, where a filter can't look: who calls it falls back on `clone`.
    op(JUMP_EQUAL, CLONE3, 0, 1),
    give(error(ENOSYS)),
    when(clone, [load(16), op(JUMP_SET, NEW_NAMESPACES, 0, 1), give(error(EPERM)), give(ALLOW)]),
    when(ioctl, [
      load(24),
      ...TYPING.flatMap((request) => [op(JUMP_EQUAL, request, 0, 1), give(error(EPERM))]),
      give(ALLOW),
    ]),
    when(socket, [
      load(16),
      ...FAMILIES.flatMap((family) => [op(JUMP_EQUAL, family, 0, 1), give(ALLOW)]),
      give(error(EAFNOSUPPORT)),
    ]),
    give(ALLOW),
  ])
}

const [LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_SET, RETURN] = [0x20, 0x15, 0x35, 0x45, 0x06]
const [KILL, ALLOW] = [0x80000000, 0x7fff0000]
const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97]
const error = (errno: number) => 0x00050000 | errno
const CLONE3 = 435
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NEW_NAMESPACES = 0x7e020000
/** TIOCSTI and TIOCLINUX: to type into a terminal as if the user had. */
const TYPING = [0x5412, 0x541c]
/** Local, IPv4, IPv6, and netlink, by which addresses are listed. Not those that no namespace holds, such as to a virtual machine's host. */
const FAMILIES = [1, 2, 10, 16]

/** open_tree to fspick, mount_setattr, io_uring, pidfd_getfd, quotactl_fd, open_tree_attr: of one number everywhere. */
const COMMON = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 443, 467]
/** In the order: ptrace, process_vm_readv, process_vm_writev, kcmp; mount, umount2, pivot_root, chroot, unshare, setns; keyctl, add_key,
 * request_key; bpf, perf_event_open, userfaultfd; kexec_load, kexec_file_load, init_module, finit_module, delete_module; reboot, swapon,
 * swapoff, syslog, quotactl, acct; settimeofday, clock_settime, adjtimex, clock_adjtime; sethostname, setdomainname; open_by_handle_at,
 * name_to_handle_at, fanotify_init, vhangup; on x86-64 iopl and ioperm too. */
const X64 = [
  101, 310, 311, 312, 165, 166, 155, 161, 272, 308, 250, 248, 249, 321, 298, 323, 246, 320, 175, 313, 176, 169, 167,
  168, 103, 179, 163, 164, 227, 159, 305, 170, 171, 304, 303, 300, 153, 172, 173,
]
const ARM64 = [
  117, 270, 271, 272, 40, 39, 41, 51, 97, 268, 219, 217, 218, 280, 241, 282, 104, 294, 105, 273, 106, 142, 224, 225,
  116, 60, 89, 170, 112, 171, 266, 161, 162, 265, 264, 262, 58,
]

type Machine = { audit: number; refused: readonly number[]; socket: number; ioctl: number; clone: number }
const MACHINES: Partial<Record<string, Machine>> = {
  x64: { audit: 0xc000003e, refused: [...X64, ...COMMON], socket: 41, ioctl: 16, clone: 56 },
  arm64: { audit: 0xc00000b7, refused: [...ARM64, ...COMMON], socket: 198, ioctl: 29, clone: 220 },
}

/** One instruction: eight bytes. */
function op(code: number, value: number, yes = 0, no = 0): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(code, 0)
  bytes.writeUInt8(yes, 2)
  bytes.writeUInt8(no, 3)
  bytes.writeUInt32LE(value >>> 0, 4)
  return bytes
}
const load = (offset: number) => op(LOAD, offset)
const give = (value: number) => op(RETURN, value)
/** What follows is done for that value only; it ends with an answer, so that nothing falls through with something else loaded. */
const when = (value: number, then: readonly Buffer[]) => Buffer.concat([op(JUMP_EQUAL, value, 0, then.length), ...then])
const unless = (value: number, then: readonly Buffer[]) =>
  Buffer.concat([op(JUMP_EQUAL, value, then.length, 0), ...then])
