%% Programs under the host that {packet,4} and the external term format come from: called by run.rs with the name of
%% the steps and the program's path. Each step fails with a badmatch that names it, and the script with a status other
%% than 0.

main(["basics", Program]) ->
    basics(Program),
    io:format("the BEAM is content~n");
main(["compute", Program]) ->
    compute(Program),
    io:format("the BEAM is content~n").

basics(Program) ->
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
    0 = status(Stopping).

compute(Program) ->
    Port = open(Program),
    {hello, #{protocol := 1, name := <<"compute">>}} = message(Port),

    %% Calls, on any term that the VM has.
    {reply, 1, 5} = call(Port, 1, add, [2, 3]),
    {reply, 2, [2, 3, 5, 7, 11, 13]} = call(Port, 2, primes, [16]),
    {reply, 3, [[19.0, 22.0], [43.0, 50.0]]} =
        call(Port, 3, multiply_matrices, [[[1, 2], [3, 4]], [[5.0, 6.0], [7.0, 8.0]]]),
    Any = #{self() => [make_ref(), Port, fun erlang:node/0, <<5:3>>, -(1 bsl 99), 0.5, "text" | tail]},
    {reply, 4, Any} = call(Port, 4, echo, [Any]),

    %% Bytes in both directions, against the VM's own crypto; claims as maps.
    Large = binary:copy(<<0, 255>>, 500000),
    Digest = crypto:hash(sha256, Large),
    {reply, 5, Digest} = call(Port, 5, sha256, [Large]),
    Empty = crypto:hash(sha256, <<>>),
    {reply, 6, Empty} = call(Port, 6, sha256, [<<>>]),
    Key = binary:copy(<<"k">>, 40),
    {reply, 7, Token} = call(Port, 7, sign, [#{<<"sub">> => <<"42">>}, 'HS256', Key]),
    {reply, 8, #{<<"sub">> := <<"42">>}} = call(Port, 8, verify, [Token, 'HS256', Key]),

    %% Errors: of the caller, of the function, with their data; and a panic, after which the program lives on.
    {error, 9, #{kind := undef, message := <<"there is no function `ad`; did you mean `add`?">>}} =
        call(Port, 9, ad, [1, 2]),
    {error, 10, #{kind := badarg, argument := #{index := 1, name := <<"right">>, got := <<"two">>}}} =
        call(Port, 10, add, [1, two]),
    {error, 11, #{kind := error, message := <<"add: 9223372036854775807 + 1 does not fit into 64 bits">>}} =
        call(Port, 11, add, [9223372036854775807, 1]),
    {error, 12, #{kind := error, data := signature}} =
        call(Port, 12, verify, [binary:part(Token, 0, byte_size(Token) - 3), 'HS256', Key]),
    {error, 13, #{kind := panic, message := <<"panic: panicked: oh">>, location := _}} =
        call(Port, 13, panic, [<<"oh">>]),

    %% Cancelled from outside: the call still gets its one answer.
    port_command(Port, term_to_binary({call, 14, count_primes, [1 bsl 60]})),
    port_command(Port, term_to_binary({cancel, 14})),
    {error, 14, #{kind := cancelled}} = message(Port),

    %% port_close in the middle of a computation that looks at nothing: the program is gone.
    {os_pid, Busy} = erlang:port_info(Port, os_pid),
    port_command(Port, term_to_binary({call, 15, loop_forever, []})),
    port_command(Port, term_to_binary({ping, 1})),
    {pong, 1} = message(Port),
    port_close(Port),
    gone(Busy, 200),

    %% Crashes are exit statuses: 128 and the signal's number, and the code of an exit.
    139 = death(Program, segfault, []),
    134 = death(Program, abort, []),
    137 = death(Program, kill, [9]),
    7 = death(Program, exit, [7]).

%% What was finished before the death is delivered before the exit status.
death(Program, Function, Arguments) ->
    Port = open(Program),
    {hello, _} = message(Port),
    {reply, 1, 3} = call(Port, 1, add, [1, 2]),
    true = port_command(Port, term_to_binary({call, 2, Function, Arguments})),
    status(Port).

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
