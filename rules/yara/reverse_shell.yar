// Shells handed to a network address.

rule reverse_shell_dev_tcp {
  meta:
    id = "YAR-SHELL-001"
    severity = "high"
    description = "A shell is connected to a network address through /dev/tcp"
    reference = "https://attack.mitre.org/techniques/T1059.004/"
  strings:
    $interactive = /sh -i[^\n]{0,24}\/dev\/(tcp|udp)\//
    $redirect = /\/dev\/(tcp|udp)\/[^\s'"]{3,80}[\s'"]{0,4}(0>&1|<&1|0<&1)/
    $loop = /exec \d{1,3}<> ?\/dev\/(tcp|udp)\/[^\n;]{3,80}[;\n] ?(cat|while read)[^\n]{0,80}<&\d[^\n]{0,80}(sh|\$\w|eval)/
  condition:
    any of them
}

rule reverse_shell_python {
  meta:
    id = "YAR-SHELL-002"
    severity = "high"
    description = "Python connects a shell's input and output to a socket"
    reference = "https://attack.mitre.org/techniques/T1059.006/"
  strings:
    $dup = /dup2 ?\( ?\w{1,20}\.fileno\(\) ?, ?(\w|[012])/
    $connect = /\.connect(_ex)? ?\( ?\(/ private
    $shell = /['"\[](\/usr)?(\/bin\/(ba|z|da)?sh|cmd\.exe|powershell(\.exe)?)['"]/ private
  condition:
    all of them
}

rule command_received_from_socket {
  meta:
    id = "YAR-SHELL-003"
    severity = "high"
    description = "What comes from a socket is run as a command"
    reference = "https://attack.mitre.org/techniques/T1059/"
  strings:
    $code = /\.recv\(\d{3,6}\)[^\x00]{0,160}(subprocess\.(Popen|run|check_output|getoutput|call)|os\.(popen|system))\(/
  condition:
    $code
}

rule reverse_shell_netcat {
  meta:
    id = "YAR-SHELL-004"
    severity = "high"
    description = "Netcat hands a shell to a network address"
    reference = "https://attack.mitre.org/techniques/T1059.004/"
  strings:
    $exec = /\b(nc|ncat|netcat)(\.\w{2,11})? [^\n|;&]{2,80} ?(-\w{0,3}[ec]|--exec|--sh-exec) ?['"]?(\/usr)?\/bin\/(ba|z|da)?sh\b/
    $first = /\b(nc|ncat|netcat)(\.\w{2,11})? (-\w{0,4}[ec]|--exec|--sh-exec) ?['"]?((\/usr)?\/bin\/(ba|z|da)?sh|cmd\.exe)\b/
    $fifo = /mkfifo [^\n]{1,60}sh -i[^\n]{0,20}\| ?(nc|ncat|netcat|telnet|openssl) /
  condition:
    any of them
}

rule reverse_shell_one_liner {
  meta:
    id = "YAR-SHELL-005"
    severity = "high"
    description = "A one-line script of Perl, PHP, Ruby or Node gives a shell to a network address"
    reference = "https://attack.mitre.org/techniques/T1059/"
  strings:
    $perl = /perl -(M[\w:]{2,20} -)?e [^\n]{0,40}(use Socket|IO::Socket)[^\n]{0,260}(exec ?[{("]|\/bin\/sh)/
    $php = /php -r [^\n]{0,20}fsockopen\([^\n(]{0,80}(exec|system|passthru|popen) ?\(/
    $ruby = /ruby -rsocket [^\n]{0,120}TCPSocket[^\n]{0,160}(exec|IO\.popen)/
    $node = /require\(\\?['"]child_process\\?['"]\)[^\x00]{0,200}\.connect\([^\x00]{0,200}(stdout|stdin)\.pipe\(/
  condition:
    any of them
}

rule reverse_shell_powershell {
  meta:
    id = "YAR-SHELL-006"
    severity = "high"
    description = "PowerShell runs what it receives over a TCP connection"
    reference = "https://attack.mitre.org/techniques/T1059.001/"
  strings:
    $client = "Net.Sockets.TCPClient" nocase
    $stream = ".GetStream(" nocase private
    $run = /(iex|Invoke-Expression)[ (]/ nocase private
  condition:
    all of them
}

rule reverse_shell_socat {
  meta:
    id = "YAR-SHELL-007"
    severity = "high"
    description = "Socat connects a shell to a network address"
    reference = "https://attack.mitre.org/techniques/T1059.004/"
  strings:
    $exec = /socat [^\n:]{0,60}(exec|system):['"]?[^\n,:]{0,16}sh\b[^\n:]{0,60}(tcp|openssl)[^\n:]{0,12}:/ nocase
    $tcp = /socat [^\n:]{0,40}(tcp|openssl)[^\n:]{0,12}:[^\n:]{0,60}(:\d{1,5})?[^\n:]{0,40} (exec|system):['"]?[^\n,:]{0,16}sh\b/ nocase
  condition:
    any of them
}

rule python_pty_shell {
  meta:
    id = "YAR-SHELL-008"
    severity = "low"
    description = "Python starts an interactive shell on a pseudo terminal"
    reference = "https://attack.mitre.org/techniques/T1059.006/"
  strings:
    $spawn = /pty\.spawn ?\( ?\[?['"](\/usr)?(\/bin\/)?(ba|z|da)?sh['"]/
  condition:
    $spawn
}
