%% What erlang.test.ts asks of the BEAM: terms made up from a seed, and a second opinion on ours. Frames of {packet, 4} in files.
-module(oracle).
-export([generate/3, again/3, readable/1, spell/2]).

generate(File, Seed, Count) ->
    rand:seed(exsplus, {Seed, 1, 2}),
    write(File, [term_to_binary(term(4), [{minor_version, 2} | pick([[], [deterministic]])]) || _ <- lists:seq(1, Count)]),
    Count.

%% Reads every term and writes it with these options.
again(From, To, Options) ->
    write(To, [term_to_binary(binary_to_term(Bytes), Options) || Bytes <- read(From)]),
    ok.

readable(File) ->
    length([binary_to_term(Bytes) || Bytes <- read(File)]).

spell(From, To) ->
    write(To, [unicode:characters_to_binary(io_lib:format("~w", [binary_to_term(Bytes)])) || Bytes <- read(From)]),
    ok.

read(File) ->
    {ok, Bytes} = file:read_file(File),
    split(Bytes).

split(<<Length:32, Bytes:Length/binary, Rest/binary>>) -> [Bytes | split(Rest)];
split(<<>>) -> [].

write(File, Messages) ->
    ok = file:write_file(File, [[<<(byte_size(M)):32>>, M] || M <- Messages]).

%% Ports are left out: this VM may write them in the old form.
term(0) -> leaf();
term(Depth) ->
    case rand:uniform(9) of
        1 -> [term(Depth - 1) || _ <- some()];
        2 -> list_to_tuple([term(Depth - 1) || _ <- some()]);
        3 -> maps:from_list([{term(Depth - 1), term(Depth - 1)} || _ <- some()]);
        4 -> [rand:uniform(256) - 1 || _ <- some()];
        5 -> improper([term(Depth - 1) || _ <- [1 | some()]], leaf());
        6 -> maps:from_list([{list_to_atom("k" ++ integer_to_list(N)), term(Depth - 1)} || N <- some()]);
        _ -> leaf()
    end.

leaf() ->
    case rand:uniform(14) of
        1 -> rand:uniform(256) - 1;
        2 -> rand:uniform(1 bsl 33) - (1 bsl 32);
        3 -> binary:decode_unsigned(rand:bytes(rand:uniform(300))) * pick([1, -1]);
        4 -> rand:normal() * math:pow(10, rand:uniform(60) - 30);
        5 -> float(rand:uniform(1000));
        6 -> pick([ok, error, true, false, nil, undefined, 'Elixir.Foo', 'with space', '']);
        7 -> list_to_atom([rand:uniform(16#D7FF) || _ <- some()]);
        8 -> rand:bytes(rand:uniform(40) - 1);
        9 -> unicode:characters_to_binary([rand:uniform(16#D7FF) || _ <- some()]);
        10 -> Size = rand:uniform(30), <<(rand:uniform(1 bsl Size) - 1):Size>>;
        11 -> self();
        12 -> make_ref();
        13 -> pick([fun lists:map/2, fun erlang:'+'/2, fun ?MODULE:read/1]);
        14 -> N = rand:uniform(10), pick([fun(X) -> X + N end, fun() -> {N, N} end])
    end.

improper(Terms, Tail) -> lists:foldr(fun(Term, Rest) -> [Term | Rest] end, Tail, Terms).
some() -> lists:seq(1, rand:uniform(6) - 1).
pick(List) -> lists:nth(rand:uniform(length(List)), List).
