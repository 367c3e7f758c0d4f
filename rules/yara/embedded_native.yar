// Native programs inside other data, and code that puts them into memory.

rule embedded_elf {
  meta:
    id = "YAR-NATIVE-001"
    severity = "medium"
    description = "A Linux program or library stands inside other data"
    reference = "https://attack.mitre.org/techniques/T1027.009/"
  strings:
    $elf = { 7F 45 4C 46 (01 | 02) 01 01 ?? ?? 00 00 00 00 00 00 00 (01 | 02 | 03) 00 ?? 0? 01 00 00 00 }
    $elf_big = { 7F 45 4C 46 (01 | 02) 02 01 ?? ?? 00 00 00 00 00 00 00 00 (01 | 02 | 03) 0? ?? 00 00 00 01 }
    $self_elf = { 7F 45 4C 46 } private
    $self_pe = { 4D 5A } private
    $self_ar = "!<arch>" private
    $self_macho = { (CE | CF) FA ED FE } private
    $self_fat = { CA FE BA BE } private
  condition:
    any of ($elf*) and not ($self_elf at 0 or $self_pe at 0 or $self_ar at 0 or $self_macho at 0 or $self_fat at 0)
}

rule embedded_pe {
  meta:
    id = "YAR-NATIVE-002"
    severity = "medium"
    description = "A Windows program or library stands inside other data"
    reference = "https://attack.mitre.org/techniques/T1027.009/"
  strings:
    $pe = { 4D 5A [58] ?? (00 | 01) 00 00 [0-180] 50 45 00 00 (4C 01 | 64 86 | C4 01 | 64 AA) ?? 00 [12] (E0 | F0) 00 ?? ?? (0B 01 | 0B 02) }
    $self_elf = { 7F 45 4C 46 } private
    $self_pe = { 4D 5A } private
    $self_ar = "!<arch>" private
    $self_macho = { (CE | CF) FA ED FE } private
    $self_fat = { CA FE BA BE } private
  condition:
    $pe and not ($self_elf at 0 or $self_pe at 0 or $self_ar at 0 or $self_macho at 0 or $self_fat at 0)
}

rule embedded_macho {
  meta:
    id = "YAR-NATIVE-003"
    severity = "medium"
    description = "A macOS program or library stands inside other data"
    reference = "https://attack.mitre.org/techniques/T1027.009/"
  strings:
    $macho = { (CE | CF) FA ED FE (07 | 0C) 00 00 (00 | 01) ?? 00 00 (00 | 80) (01 | 02 | 06 | 08) 00 00 00 ?? (00 | 01) 00 00 ?? ?? 00 00 }
    $self_elf = { 7F 45 4C 46 } private
    $self_pe = { 4D 5A } private
    $self_ar = "!<arch>" private
    $self_macho = { (CE | CF) FA ED FE } private
    $self_fat = { CA FE BA BE } private
  condition:
    $macho and not ($self_elf at 0 or $self_pe at 0 or $self_ar at 0 or $self_macho at 0 or $self_fat at 0)
}

rule encoded_native_code {
  meta:
    id = "YAR-NATIVE-004"
    severity = "high"
    description = "A native program stands in the text in base64 or as escapes"
    reference = "https://attack.mitre.org/techniques/T1027.009/"
  strings:
    $elf64 = "f0VMRgIBAQ"
    $elf32 = "f0VMRgEBAQ"
    $elf_escaped = /\\x7f(ELF|\\x45\\x4c\\x46)\\x0[12]\\x01\\x01\\x00\\x00/ nocase
    $pe = "TVqQAAMAAAAEAAAA//8AALgAAAA"
    $pe_escaped = /(MZ|\\x4d\\x5a)\\x90\\x00\\x03\\x00\\x00\\x00\\x04/ nocase
  condition:
    any of them
}

rule shellcode_loader {
  meta:
    id = "YAR-NATIVE-005"
    severity = "high"
    description = "Code puts machine code into memory and runs it"
    reference = "https://attack.mitre.org/techniques/T1055/"
  strings:
    $alloc = /\bVirtualAlloc(Ex)?\b/
    $move = /\b(RtlMoveMemory|WriteProcessMemory|RtlCopyMemory)\b/ private
    $thread = /\b(CreateThread|CreateRemoteThread|EnumWindows|QueueUserAPC)\b/ private
    $python = /\b(ctypes|windll|WinDLL|CFUNCTYPE|win32process)\b/ private
  condition:
    all of them
}

rule python_shellcode_mmap {
  meta:
    id = "YAR-NATIVE-006"
    severity = "high"
    description = "Python maps executable memory and calls into it"
    reference = "https://attack.mitre.org/techniques/T1055/"
  strings:
    $map = /mmap\.mmap ?\([^\n]{0,120}(PROT_EXEC|prot ?= ?7|PROT_READ ?\| ?mmap\.PROT_WRITE ?\| ?mmap\.PROT_EXEC)/
    $call = /(CFUNCTYPE|from_buffer|PYFUNCTYPE) ?\(/ private
    $code = /b['"](\\x[0-9a-f]{2}){6}/ private
  condition:
    all of them
}

rule memfd_execution {
  meta:
    id = "YAR-NATIVE-007"
    severity = "high"
    description = "A program is run from memory without a file"
    reference = "https://attack.mitre.org/techniques/T1620/"
  strings:
    $code = /(memfd_create ?\(|syscall ?\( ?319|SYS_memfd_create)[^\x00]{0,500}(\/proc\/(self|%d|\{?\w{0,12}(\(\))?\}?)\/fd\/|fexecve)/
  condition:
    $code
}

rule pickled_script {
  meta:
    id = "YAR-NATIVE-008"
    severity = "medium"
    description = "A pickled string is a script with an interpreter line"
    reference = "https://attack.mitre.org/techniques/T1059.004/"
  strings:
    $string = /([XBT][\x00-\xff]{2}\x00\x00|\x8c[\x00-\xff]|[CU][\x0e-\x1f\x80-\xff]|[(\n]S['\"]|[(\n]V)#!(\/usr)?(\/local)?\/bin\/(env )?\w{2,10}/
  condition:
    $string
}

rule python_drops_program {
  meta:
    id = "YAR-NATIVE-009"
    severity = "high"
    description = "Python decodes a file, makes it executable and runs it"
    reference = "https://attack.mitre.org/techniques/T1140/"
  strings:
    $decode = /(b64decode|fromhex|unhexlify|b85decode|decompress) ?\([^\x00]{0,200}chmod ?\([^\n]{1,60}(0o?7[0-7]{2}|S_IX|S_IRWX|493|511)[^\x00]{0,120}(subprocess\.\w{3,12}|os\.(system|popen|exec\w{1,3}|spawn\w{1,3}|startfile)) ?\(/
  condition:
    $decode
}
