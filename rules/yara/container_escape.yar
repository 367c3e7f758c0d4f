// The way from a container to its host.

rule docker_socket_control {
  meta:
    id = "YAR-ESCAPE-001"
    severity = "medium"
    description = "Code speaks to the container daemon through its socket"
    reference = "https://attack.mitre.org/techniques/T1611/"
  strings:
    $curl = /curl [^\n]{0,60}--unix-socket [^\n]{0,20}\/(docker|containerd|podman)(\/\w{1,20})?\.sock/
    $run = /docker(\.sock)? [^\n]{0,20}run [^\n]{0,80}(-v|--volume|--mount)[ =]?["\x27]?\/:\/[\w\/]{0,20}/
  condition:
    any of them
}

rule host_namespace_entered {
  meta:
    id = "YAR-ESCAPE-002"
    severity = "high"
    description = "A command enters the name spaces of the host's first process"
    reference = "https://attack.mitre.org/techniques/T1611/"
  strings:
    $nsenter = /nsenter [^\n]{0,40}(-t ?1|--target[ =]1)\b[^\n]{0,40}(-m|--mount|-a|--all)\b/
    $root = /chroot \/(proc\/1\/root|host|hostfs|mnt\/host)\b[^\n]{0,40}sh\b/
  condition:
    any of them
}

rule cgroup_release_agent {
  meta:
    id = "YAR-ESCAPE-003"
    severity = "high"
    description = "A program is set to run on the host when a control group empties"
    reference = "https://attack.mitre.org/techniques/T1611/"
  strings:
    $agent = /> ?["\x27]?[\w\/${}.-]{0,60}\/release_agent/
    $notify = /> ?["\x27]?[\w\/${}.-]{0,60}\/notify_on_release/
  condition:
    all of them
}

rule core_pattern_program {
  meta:
    id = "YAR-ESCAPE-004"
    severity = "high"
    description = "A program is set to run on the host when a process crashes"
    reference = "https://attack.mitre.org/techniques/T1611/"
  strings:
    $set = /(echo|printf) ?(-\w )?["\x27]?\|[^\n]{1,120}> ?\/proc\/sys\/kernel\/core_pattern/
  condition:
    $set
}

rule service_account_token_used {
  meta:
    id = "YAR-ESCAPE-005"
    severity = "medium"
    description = "A command uses the cluster token of its pod"
    reference = "https://attack.mitre.org/techniques/T1552.007/"
  strings:
    $curl = /[cw][ug][re][lt] [^\n]{0,120}serviceaccount\/token/
    $assign = /=["\x27]?(\$\(|`) ?cat [^\n]{0,20}\/(var\/)?run\/secrets\/kubernetes\.io\/serviceaccount\/token/
  condition:
    any of them
}
