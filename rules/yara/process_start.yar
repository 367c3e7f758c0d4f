// Processes and commands started from code, and pickles or YAML that do it on loading.

rule python_starts_process {
  meta:
    id = "YAR-PROC-001"
    severity = "info"
    description = "Python code that starts a process"
    reference = "https://attack.mitre.org/techniques/T1059/"
  strings:
    $system = "os.system("
    $popen = "os.popen("
    $exec = /\bos\.(execv|execve|execvp|execl|execlp|spawnv|spawnl|posix_spawn)\(/
    $subprocess = /\bsubprocess\.(Popen|run|call|check_call|check_output|getoutput|getstatusoutput)\(/
    $pty = "pty.spawn("
  condition:
    any of them
}

rule python_shell_true {
  meta:
    id = "YAR-PROC-002"
    severity = "low"
    description = "Python hands a command line to a shell"
    reference = "https://attack.mitre.org/techniques/T1059.004/"
  strings:
    $call = /\bsubprocess\.(Popen|run|call|check_call|check_output)\([^\n]{0,160}shell ?= ?True/
  condition:
    $call
}

rule python_command_by_import_expression {
  meta:
    id = "YAR-PROC-003"
    severity = "medium"
    description = "One expression imports a module and runs a command with it"
    reference = "https://attack.mitre.org/techniques/T1059.006/"
  strings:
    $call = /__import__ ?\( ?\\?['"](os|posix|nt|subprocess|pty|commands)\\?['"] ?\) ?\. ?(system|popen|Popen|spawn\w{0,4}|exec[lv]\w{0,2}|run|call|check_output|getoutput) ?\(/
    $getattr = /getattr ?\( ?__import__ ?\( ?['"](os|posix|nt|subprocess|builtins)['"] ?\) ?, ?['"]/
  condition:
    any of them
}

rule python_command_by_ctypes {
  meta:
    id = "YAR-PROC-004"
    severity = "medium"
    description = "Python runs a command through the C library"
    reference = "https://attack.mitre.org/techniques/T1106/"
  strings:
    $libc = /(CDLL|LoadLibrary|PyDLL) ?\( ?(None|['"](libc\.so\.6|libc\.dylib|msvcrt(\.dll)?)['"])? ?\) ?\. ?(system|popen|execve?|execl) ?\(/
    $windows = /(cdll\.msvcrt\.system|windll\.kernel32\.WinExec|windll\.shell32\.ShellExecute[AW]?) ?\(/
  condition:
    any of them
}

rule pickle_names_command_function {
  meta:
    id = "YAR-PROC-005"
    severity = "high"
    description = "Pickle bytes name a function that runs commands or code"
    reference = "https://attack.mitre.org/techniques/T1059/"
  strings:
    $global = /c(posix|nt|os|subprocess|pty|commands|builtins|__builtin__)\n(system|popen|exec|eval|execfile|Popen|run|call|check_output|getoutput|spawn|__import__)\n/
    $stack_global = /\x8c[\x02-\x0b](posix|nt|os|subprocess|pty|commands|builtins|__builtin__)(\x94|q[\x00-\xff])?\x8c[\x03-\x0c](system|popen|exec|eval|Popen|run|call|check_output|getoutput|spawn|__import__)(\x94|q[\x00-\xff])?\x93/
  condition:
    any of them
}

rule base64_pickle_names_command_function {
  meta:
    id = "YAR-PROC-006"
    severity = "high"
    description = "Base64 text holds a pickle that runs commands or code"
    reference = "https://attack.mitre.org/techniques/T1027/"
  strings:
    $a = "cposix\nsystem\n" base64
    $b = "cos\nsystem\n(" base64
    $c = "c__builtin__\nexec\n" base64
    $d = "c__builtin__\neval\n" base64
    $e = "cbuiltins\nexec\n" base64
    $f = "cbuiltins\neval\n" base64
    $g = "csubprocess\nPopen\n" base64
    $h = "\x8c\x05posix\x94\x8c\x06system\x94\x93" base64
    $i = "\x8c\x08builtins\x94\x8c\x04exec\x94\x93" base64
    $j = "\x8c\x08builtins\x94\x8c\x04eval\x94\x93" base64
  condition:
    any of them
}

rule pickled_shell_command {
  meta:
    id = "YAR-PROC-007"
    severity = "medium"
    description = "A pickled string is a shell command line"
    reference = "https://attack.mitre.org/techniques/T1059.004/"
  strings:
    $string = /(X[\x00-\xff]{2}\x00\x00|\x8c[\x00-\xff]|[(\n]S['\"]|[(\n]V)((\/usr)?(\/bin\/)?(ba|z|da)?sh -[ci] |cmd(\.exe)? \/c |powershell(\.exe)? -)/
  condition:
    $string
}

rule yaml_python_tag_runs_code {
  meta:
    id = "YAR-PROC-008"
    severity = "high"
    description = "A YAML tag makes the loader call a Python function that runs code"
    reference = "https://attack.mitre.org/techniques/T1059.006/"
  strings:
    $tag = /!!python\/(object\/apply|object\/new|name|module):['"]?(os\.|posix\.|nt\.|subprocess\.|pty\.|builtins\.(exec|eval|__import__|compile|getattr)|__builtin__\.(exec|eval)|eval|exec|runpy\.|code\.|timeit\.|pickle\.loads|marshal\.loads)/
  condition:
    $tag
}

rule script_host_run {
  meta:
    id = "YAR-PROC-009"
    severity = "medium"
    description = "A script starts programs through the Windows script host"
    reference = "https://attack.mitre.org/techniques/T1059.005/"
  strings:
    $object = /(CreateObject|ActiveXObject|Dispatch) ?\( ?['"]WScript\.Shell['"] ?\)/ nocase
    $run = /\.(Run|Exec) ?[("]/ nocase private
  condition:
    all of them
}

rule python_inline_payload {
  meta:
    id = "YAR-PROC-010"
    severity = "high"
    description = "A command line gives Python code that runs decoded or received code"
    reference = "https://attack.mitre.org/techniques/T1059.006/"
  strings:
    $exec = /python[23w]?(\.\d{1,2})?(\.exe)? -c \\?['"][^\n]{0,100}(exec|eval) ?\([^\n]{0,80}(b64decode|urlopen|requests\.get|decompress|fromhex|marshal)/
    $socket = /python[23w]?(\.\d{1,2})?(\.exe)? -c \\?['"][^\n]{0,40}import[^\n]{0,60}socket[^\n]{0,240}(dup2 ?\(|pty\.spawn ?\()/
  condition:
    any of them
}
