#!/usr/bin/env escript
%%! -noshell +S 2:2
%% Replays traces on OTP's own supervisor. Its counterpart is replay.ts, which does the same with the engine.
%%
%% One argument: a file of traces as Erlang terms (trace.ts writes it). For each one it prints one line: what was
%% started and stopped, in which order, what each request was answered, and what was left in the end.
%%
%% All messages of a batch are put into the mailbox of the supervisor while it is suspended, so that their order
%% is certain; then it is resumed and left alone until nothing is restarting any more.
-mode(compile).
-export([init/1]).

main([File]) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    ets:new(state, [named_table, public]),
    ets:new(log, [named_table, public, ordered_set]),
    {ok, Traces} = file:consult(File),
    [io:format("~ts~n", [trace(Trace)]) || Trace <- Traces].

trace({Number, Flags, Children, Batches}) ->
    ets:delete_all_objects(state),
    ets:delete_all_objects(log),
    ets:insert(state, {line, 0}),
    [ets:insert(state, {{script, Id}, Script}) || {Id, _, _, Script} <- Children],
    Specs = [spec(Id, Restart, Significant) || {Id, Restart, Significant, _} <- Children, Restart =/= later],
    case supervisor:start_link(?MODULE, {Flags#{period => 3600}, Specs}) of
        {ok, Sup} ->
            batches(Sup, Batches);
        {error, {shutdown, {failed_to_start_child, Id, _}}} ->
            log("failed to start ~s", [Id])
    end,
    Lines = [Line || {_, Line} <- ets:tab2list(log)],
    io_lib:format("~b: ~ts", [Number, lists:join("; ", Lines)]).

batches(Sup, []) ->
    log("left ~s", [left(Sup)]),
    exit(Sup, shutdown),
    receive {'EXIT', Sup, Reason} -> log("exit ~s", [Reason]) end;
batches(Sup, [Batch | Batches]) ->
    Pids = [{id(Id, Pid), Pid} || {Id, Pid, _, _} <- supervisor:which_children(Sup), is_pid(Pid)],
    ok = sys:suspend(Sup),
    {_, Calls} = lists:foldl(fun (Op, {N, Calls}) -> post(Sup, Op, Pids, N, Calls) end, {0, []}, Batch),
    ok = sys:resume(Sup),
    Over = settle(Sup),
    [receive {Call, Reply} -> log("~s: ~s", [Name, Reply]) end || {Call, Name} <- lists:reverse(Calls)],
    case Over of
        {exit, Reason} -> log("exit ~s", [Reason]);
        running -> batches(Sup, Batches)
    end.

%% Puts one message into the mailbox of the suspended supervisor and waits until it is there.
post(Sup, {exit, Id, Reason}, Pids, N, Calls) ->
    case lists:keyfind(Id, 1, Pids) of
        {_, Pid} ->
            Alive = is_process_alive(Pid),
            Pid ! {die, Reason},
            queued(Sup, case Alive of true -> N + 1; false -> N end, Calls);
        false ->
            {N, Calls}
    end;
post(Sup, Op, Pids, N, Calls) ->
    Self = self(),
    Call = make_ref(),
    spawn(fun () -> Self ! {Call, request(Sup, Op, Pids)} end),
    queued(Sup, N + 1, [{Call, element(1, Op)} | Calls]).

queued(Sup, N, Calls) ->
    case process_info(Sup, message_queue_len) of
        {_, N} -> {N, Calls};
        _ -> erlang:yield(), queued(Sup, N, Calls)
    end.

request(Sup, Op, Pids) ->
    try answer(call(Sup, Op, Pids)) catch exit:_ -> closed end.

call(Sup, {start_child, Id, Restart, Significant}, _) ->
    supervisor:start_child(Sup, spec(Id, Restart, Significant));
call(Sup, {start_dynamic, Id}, _) ->
    supervisor:start_child(Sup, [[Id]]);
call(Sup, {stop_child, Id}, _) ->
    supervisor:terminate_child(Sup, Id);
call(Sup, {stop_dynamic, Id}, Pids) ->
    supervisor:terminate_child(Sup, proplists:get_value(Id, Pids, self()));
call(Sup, {restart_child, Id}, _) ->
    supervisor:restart_child(Sup, Id);
call(Sup, {delete_child, Id}, _) ->
    supervisor:delete_child(Sup, Id).

answer({ok, undefined}) -> ignored;
answer({ok, _}) -> ok;
answer(ok) -> ok;
answer({error, {already_started, _}}) -> already_started;
answer({error, Word}) when is_atom(Word), Word =/= failed -> Word;
answer({error, _}) -> start_error.

%% Waits until no child is about to be restarted, or the supervisor is gone.
settle(Sup) ->
    try supervisor:which_children(Sup) of
        Children ->
            case lists:keymember(restarting, 2, Children) of
                true -> settle(Sup);
                false -> running
            end
    catch
        exit:_ -> receive {'EXIT', Sup, Reason} -> {exit, Reason} end
    end.

left(Sup) ->
    Children = lists:reverse(supervisor:which_children(Sup)),
    Words = [[atom_to_list(id(Id, Pid)), case Pid of undefined -> "-"; _ -> "+" end] || {Id, Pid, _, _} <- Children],
    Sorted = case Children of [{undefined, _, _, _} | _] -> lists:sort(Words); _ -> Words end,
    lists:join(" ", Sorted).

%% A dynamic child has no id of its own; it is known by the argument it was started with.
id(undefined, Pid) -> [{_, Id}] = ets:lookup(state, Pid), Id;
id(Id, _) -> Id.

spec(dynamic, Restart, Significant) ->
    #{id => dynamic, restart => Restart, significant => Significant, start => {erlang, apply, [fun start/1]}};
spec(Id, Restart, Significant) ->
    #{id => Id, restart => Restart, significant => Significant, start => {erlang, apply, [fun start/1, [Id]]}}.

%% Runs in the supervisor. The script of a child says how each of its starts goes; after its end all go well.
start(Id) ->
    Outcome = case ets:lookup(state, {script, Id}) of
        [{Key, [First | Rest]}] -> ets:insert(state, {Key, Rest}), First;
        _ -> ok
    end,
    log("start ~s ~s", [Id, Outcome]),
    case Outcome of
        ok ->
            Sup = self(),
            Pid = spawn_link(fun () -> process_flag(trap_exit, true), Sup ! {ready, self()}, child(Id) end),
            receive {ready, Pid} -> ok end,
            ets:insert(state, {Pid, Id}),
            {ok, Pid};
        error -> {error, failed};
        throw -> throw(failed);
        junk -> {junk};
        ignore -> ignore
    end.

child(Id) ->
    receive
        {die, normal} -> exit(normal);
        {die, shutdown} -> exit(shutdown);
        {die, shutdown_term} -> exit({shutdown, why});
        {die, abnormal} -> exit(abnormal);
        {'EXIT', _, shutdown} -> log("stop ~s", [Id]), exit(shutdown)
    end.

log(Format, Args) ->
    ets:insert(log, {ets:update_counter(state, line, 1), io_lib:format(Format, Args)}).

init(Init) ->
    {ok, Init}.
