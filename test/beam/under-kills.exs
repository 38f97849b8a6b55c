# The owner of docs/beam.md with a real program: what a caller gets, whatever happens to others. `path` is the program.
[path] = System.argv()
{:ok, owner} = Compute.start_link(path)

# Answers, errors, deaths.
{:ok, 3} = Compute.call(:add, [1, 2])
{:error, %{kind: :undef}} = Compute.call(:nothing, [])
{:error, %{kind: :badarg}} = Compute.call(:add, [1, :two])
{:error, {:ended, {:exit_status, 139}}} = Compute.call(:segfault, [])
{:error, {:ended, {:exit_status, 7}}} = Compute.call(:exit, [7])
{:ok, 3} = Compute.call(:add, [1, 2])

# A timeout is told in time, and the program stops what it did for the call.
{:error, :timeout} = Compute.call(:count_primes, [Bitwise.bsl(1, 60)], 50)
{:ok, 3} = Compute.call(:add, [1, 2])

# A length that claims 4 GiB costs no memory.
before = :erlang.memory(:total)
{:error, {:ended, {:bad_frame, 0xFFFFFFFF}}} = Compute.call(:send_huge_length, [])
true = :erlang.memory(:total) - before < 64 * 1024 * 1024
{:ok, 3} = Compute.call(:add, [1, 2])

# What is over the program's max_frame is its own call's error.
{:error, {:too_large, _, 67_108_864}} = Compute.call(:sha256, [:binary.copy(<<0>>, 70_000_000)])

# More than the pipe holds, at once: all of it arrives, in the end.
large = :binary.copy(<<0>>, 300_000)
digest = {:ok, :crypto.hash(:sha256, large)}

true =
  1..100
  |> Enum.map(fn _ -> Task.async(fn -> Compute.call(:sha256, [large]) end) end)
  |> Task.await_many(60_000)
  |> Enum.all?(&(&1 == digest))

# Twenty kills among many calls: each caller is answered, rightly, and only calls that were on their way fail.
tracks = 32

callers =
  for track <- 1..tracks do
    Task.async(fn ->
      Enum.frequencies(
        for n <- 1..3000 do
          sum = n + track

          case Compute.call(:add, [n, track]) do
            {:ok, ^sum} -> :ok
            {:error, {:ended, {:exit_status, 137}}} -> :ended
            {:error, {:ended, :epipe}} -> :ended
          end
        end
      )
    end)
  end

killer = Task.async(fn -> for _ <- 1..20, do: {:error, {:ended, _}} = Compute.call(:kill, [9]) end)
ended = callers |> Task.await_many(60_000) |> Enum.map(&Map.get(&1, :ended, 0)) |> Enum.sum()
20 = length(Task.await(killer))
true = ended <= 20 * tracks

# One and the same owner has lived through it all.
^owner = Process.whereis(Compute)
IO.puts("elixir is content: #{ended} of #{tracks * 3000} calls were on their way when it died")
