// What runs while something is installed, opened or loaded.

rule install_hook_downloads {
  meta:
    id = "YAR-BUILD-001"
    severity = "medium"
    description = "A package's installation step downloads or decodes something and runs it"
    reference = "https://attack.mitre.org/techniques/T1195.002/"
  strings:
    $hook = /cmdclass ?= ?\{? ?[^\n}]{0,80}['"]?(install|develop|egg_info|build_py)['"]? ?[:=]/
    $fetch = /(requests\.(get|post)|urlopen|urlretrieve|b64decode|socket\.socket) ?\(/ private
    $run = /(os\.system|os\.popen|subprocess\.(Popen|run|call|check_call|check_output)|\bexec|\beval) ?\(/ private
    $class = /class \w{1,40}\( ?\w{0,10}\.?(install|develop|egg_info) ?\)/ private
  condition:
    all of them
}

rule code_installs_package {
  meta:
    id = "YAR-BUILD-002"
    severity = "low"
    description = "Code installs a package while it runs"
    reference = "https://attack.mitre.org/techniques/T1195.001/"
  strings:
    $shell = /(os\.system|subprocess\.\w{3,12}) ?\( ?f?['"][^\n]{0,40}pip[23]? install /
    $list = /(subprocess\.\w{3,12}|run|check_call) ?\( ?\[[^\n\]]{0,60}['"]pip[23]?['"] ?, ?['"]install['"]/
    $main = /pip(\._internal)?\.main ?\( ?\[ ?['"]install['"]/
  condition:
    any of them
}

rule package_from_unprotected_index {
  meta:
    id = "YAR-BUILD-003"
    severity = "low"
    description = "A package is installed over an unprotected connection"
    reference = "https://attack.mitre.org/techniques/T1195.001/"
  strings:
    $index = /pip[23]? install [^\n]{0,120}(--index-url|--extra-index-url|-i|--find-links|-f)[ =]http:\/\//
    $direct = /pip[23]? install [^\n-]{0,60}http:\/\//
    $option = /(\n|^)--(extra-)?index-url[ =]http:\/\//
  condition:
    any of them
}

rule notebook_output_runs_code {
  meta:
    id = "YAR-BUILD-004"
    severity = "high"
    description = "Stored output of a notebook makes the kernel run code"
    reference = "CWE-79"
  strings:
    $event = /(onerror|onload|onmouseover|onfocus) ?= ?[^\n>]{0,200}kernel\.execute ?\(/
  condition:
    $event
}

rule remote_code_flag {
  meta:
    id = "YAR-BUILD-005"
    severity = "info"
    description = "Code of the repository is loaded without asking"
    reference = "CWE-829"
  strings:
    $flag = /trust_remote_code["\x27]? ?[=:] ?(True|true)/
  condition:
    $flag
}

rule package_script_downloads {
  meta:
    id = "YAR-BUILD-006"
    severity = "high"
    description = "A package's installation script downloads and runs something"
    reference = "https://attack.mitre.org/techniques/T1195.002/"
  strings:
    $script = /"(pre|post)?install" ?: ?"[^"\n]{0,120}(curl |wget |powershell |base64 |node -e )[^\n]{4,200}/
  condition:
    $script
}
