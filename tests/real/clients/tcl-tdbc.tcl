package require tdbc::mysql

fconfigure stdout -buffering line
fconfigure stderr -encoding utf-8
proc ok {step} { puts "ok $step" }
proc expect {step found wanted} {
    if {$found ne $wanted} { error "$step: '[string range $found 0 300]' instead of '[string range $wanted 0 300]'" }
}

proc steps {} {
    global env
    set options {}
    if {$env(MYNAH_TLS)} { lappend options -ssl_ca $env(MYNAH_CA) }
    tdbc::mysql::connection create db -host $env(MYNAH_HOST) -port $env(MYNAH_PORT) -user $env(MYNAH_USER) \
        -passwd $env(MYNAH_PASSWORD) -database test {*}$options
    ok connect
    expect select [db allrows -as lists {select 1}] 1
    ok select
    if {![catch {db allrows {select * from test.mynah_missing}} message options]} { error "error: there was none" }
    # TDBC, the class of error, the SQL state, the driver, the code.
    lassign [dict get $options -errorcode] - - state - code
    expect error "$code $state" "1146 42S02"
    ok error
    set large [lindex [db allrows -as lists {select repeat('x', 1048576) as large}] 0 0]
    expect large [expr {$large eq [string repeat x 1048576]}] 1
    ok large
    set statement [db prepare {select cast(:number as signed) as number, cast(:text as char) as text,\
        cast(:maybe as char) as maybe, cast(:day as date) as day, cast(:bytes as binary) as bytes}]
    $statement paramtype number bigint
    $statement paramtype bytes varbinary 300
    set all {}
    for {set byte 0} {$byte < 256} {incr byte} { append all [format %c $byte] }
    foreach row [list \
        [dict create number 42 text "caf\u00e9 \u2603" day 2024-02-29 bytes "\x00\x01'\\\xfe\xff"] \
        [dict create number -7 text "it's \"quoted\" \\ done" maybe now day 1999-12-31 bytes $all]] {
        # What isn't in a row is NULL.
        set found [lindex [$statement allrows -as dicts $row] 0]
        foreach name {number text maybe day bytes} {
            expect "prepared $name" [dict exists $found $name] [dict exists $row $name]
            if {[dict exists $row $name]} { expect "prepared $name" [dict get $found $name] [dict get $row $name] }
        }
    }
    $statement close
    set plain [db prepare {select 1 as one}]
    foreach time {1 2} { expect prepared [$plain allrows -as lists] 1 }
    $plain close
    ok prepared
    db close
    ok close
}

if {[catch steps message]} {
    puts stderr [regsub -all {\s+} $message " "]
    exit 1
}
