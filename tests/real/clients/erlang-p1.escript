%% -*- erlang -*-
%% p1_mysql, which ejabberd uses.

main(_) ->
    Variable = fun(Name) -> os:getenv("MYNAH_" ++ Name) end,
    Log = fun(_, _, _) -> ok end,
    try
        {ok, Connection} = p1_mysql_conn:start(Variable("HOST"), list_to_integer(Variable("PORT")),
            Variable("USER"), Variable("PASSWORD"), "test", 10000, Log),
        done("connect"),
        {data, One} = query(Connection, <<"select 1">>),
        [["1"]] = p1_mysql:get_result_rows(One),
        done("select"),
        %% It keeps the text alone, with the SQL state in front of it.
        {error, Refused} = query(Connection, <<"select * from test.mynah_missing">>),
        Reason = iolist_to_binary(p1_mysql:get_result_reason(Refused)),
        {match, _} = re:run(Reason, "42S02.*doesn't exist"),
        done("error"),
        {data, Large} = query(Connection, <<"select repeat('x', 1048576) as large">>),
        [[Value]] = p1_mysql:get_result_rows(Large),
        Value = lists:duplicate(1048576, $x),
        done("large"),
        io:format("skip prepared: the client has no prepared statements~n"),
        p1_mysql_conn:stop(Connection),
        done("close"),
        halt(0)
    catch
        _:Error ->
            Text = lists:sublist(io_lib:format("~0p", [Error]), 1000),
            io:format(standard_error, "~ts~n", [Text]),
            halt(1)
    end.

query(Connection, Text) ->
    p1_mysql_conn:fetch(Connection, Text, self(), 10000).

done(Step) ->
    io:format("ok ~s~n", [Step]).
