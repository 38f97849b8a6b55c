%% The program under the host that {packet,4} and the external term format come from: called by tests/erlang.rs with
%% the program's path. Each step fails with a badmatch that names it, and the script with a status other than 0.

main([Program]) ->
    Port = open(Program),
    {hello, #{protocol := 1, functions := Functions}} = message(Port),
    true = lists:any(fun(#{name := Name}) -> Name =:= sum end, Functions),

    %% Calls, in any form in which the VM writes their arguments.
    {reply, 1, 6} = call(Port, 1, sum, [[1, 2, 3]]),
    {reply, 2, 300} = call(Port, 2, sum, [[100, 200]]),
    {reply, 3, 5} = call(Port, 3, wait, [5]),
    {reply, 4, <<"grüße"/utf8>>} = call(Port, 4, echo, [<<"grüße"/utf8>>]),
    {reply, 5, #{sub := <<"me">>, exp := 7}} = call(Port, 5, renew, [#{sub => <<"me">>, exp => 5}, 2]),

    %% A caller's `from` as the Id: a pid, a reference with an alias.
    From = {self(), [alias | make_ref()]},
    {reply, From, 0} = call(Port, From, sum, [[]]),

    %% Bytes, empty ones too, and large ones.
    {reply, 6, <<>>} = call(Port, 6, echo_bytes, [<<>>]),
    Large = binary:copy(<<0, 255>>, 500000),
    {reply, 7, Large} = call(Port, 7, echo_bytes, [Large]),

    %% Errors say what and where; nothing that was not asked for comes between.
    {error, 8, #{kind := undef, message := Undef}} = call(Port, 8, summ, []),
    {match, _} = re:run(Undef, "did you mean `sum`"),
    {error, 9, #{kind := badarg, function := renew, argument := #{index := 1, name := <<"seconds">>}}} =
        call(Port, 9, renew, [#{sub => <<>>, exp => 1}, 256]),
    {error, 10, #{kind := error}} = call(Port, 10, divide, [1, 0]),
    {error, 11, #{kind := panic, message := Panic, location := _}} = call(Port, 11, panic, [<<"oh">>]),
    {match, _} = re:run(Panic, "oh"),
    {reply, 12, 3} = call(Port, 12, steps, [3]),

    %% Compressed terms are read.
    port_command(Port, term_to_binary({call, 13, sum, [lists:duplicate(10000, 1)]}, [compressed])),
    {reply, 13, 10000} = message(Port),

    %% Many at once: each is answered once.
    [port_command(Port, term_to_binary({call, N, sum, [[N]]})) || N <- lists:seq(1, 5000)],
    Answers = lists:sort([begin {reply, N, N} = message(Port), N end || _ <- lists:seq(1, 5000)]),
    Answers = lists:seq(1, 5000),

    %% port_close in the middle of a computation: the program is gone.
    {os_pid, Busy} = erlang:port_info(Port, os_pid),
    port_command(Port, term_to_binary({call, 14, spin, [600000]})),
    port_command(Port, term_to_binary({ping, 1})),
    {pong, 1} = message(Port),
    port_close(Port),
    gone(Busy, 200),

    %% A crash is an exit status, with what was finished before it delivered.
    Crashing = open(Program),
    {hello, _} = message(Crashing),
    {reply, 1, 0} = call(Crashing, 1, sum, [[]]),
    port_command(Crashing, term_to_binary({call, 2, crash, [<<"segv">>]})),
    139 = status(Crashing),
    Exiting = open(Program),
    {hello, _} = message(Exiting),
    port_command(Exiting, term_to_binary({call, 1, exit, [7]})),
    7 = status(Exiting),

    %% `stop` is an orderly end.
    Stopping = open(Program),
    {hello, _} = message(Stopping),
    port_command(Stopping, term_to_binary({call, 1, wait, [50]})),
    port_command(Stopping, term_to_binary(stop)),
    {reply, 1, 50} = message(Stopping),
    0 = status(Stopping),
    io:format("the BEAM is content~n").

open(Program) ->
    open_port({spawn_executable, Program}, [{packet, 4}, binary, exit_status]).

call(Port, Id, Function, Arguments) ->
    true = port_command(Port, term_to_binary({call, Id, Function, Arguments})),
    message(Port).

message(Port) ->
    receive
        {Port, {data, Data}} -> binary_to_term(Data);
        {Port, {exit_status, Status}} -> error({exited, Status})
    after 20000 -> error(no_message)
    end.

status(Port) ->
    receive
        {Port, {exit_status, Status}} -> Status
    after 20000 -> error(no_exit)
    end.

%% A zombie that the VM has not reaped yet is gone too.
gone(OsPid, 0) ->
    error({lives, OsPid});
gone(OsPid, Tries) ->
    case file:read_file("/proc/" ++ integer_to_list(OsPid) ++ "/stat") of
        {error, enoent} -> ok;
        {ok, Stat} ->
            case re:run(Stat, "\\) Z ") of
                {match, _} -> ok;
                nomatch -> timer:sleep(10), gone(OsPid, Tries - 1)
            end
    end.
