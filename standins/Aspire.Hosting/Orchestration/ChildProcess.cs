using System.Diagnostics;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// A process that leads a session of its own, so that a Ctrl-C in the AppHost's terminal does not reach it (the AppHost stops it in its turn),
/// and so that it can be ended with all that it started.
/// </summary>
internal sealed class ChildProcess
{
    private static readonly TimeSpan OutputAfterExit = TimeSpan.FromMilliseconds(500);
    private readonly Process _process;
    private readonly LaunchPlan _plan;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _output = Task.CompletedTask;
    private bool _forced;

    private ChildProcess(Process process, LaunchPlan plan)
    {
        _process = process;
        _plan = plan;
    }

    public int Id { get; private set; }

    /// <summary>The exit code; -1 if the process had to be killed.</summary>
    public Task<int> Exited => _exited.Task;

    public static ChildProcess Start(LaunchPlan plan, Action<string, bool> output)
    {
        var command = Executables.Find(plan.Command, plan.WorkingDirectory)
            ?? throw new CannotStartException($"The command '{plan.Command}' was not found.");
        string[] words = [.. Executables.InOwnSession, command, .. plan.Arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = plan.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var (name, value) in plan.Environment)
            start.Environment[name] = value;

        var child = new ChildProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, plan);
        child._process.Exited += (_, _) => child.OnExit();
        child._process.Start();
        child.Id = child._process.Id;
        child._process.StandardInput.Close();
        child._output = Task.WhenAll(Pump(child._process.StandardOutput, isError: false, output), Pump(child._process.StandardError, isError: true, output));
        return child;
    }

    /// <summary>Asks the process to end, insists when its time is up, and ends what it leaves behind.</summary>
    /// <param name="timeIsUp">Completes when there is no more time for any process, whatever this one's own.</param>
    public async Task StopAsync(Task? timeIsUp)
    {
        var tree = ProcessTable.TreeOf(Id, ProcessTable.Read());
        Signals.Send(Executables.InOwnSession.Length > 0 ? -Id : Id, _plan.StopSignal);
        await Task.WhenAny(Exited, Task.Delay(_plan.Grace), timeIsUp ?? Exited).ConfigureAwait(false);
        if (!Exited.IsCompleted)
        {
            _forced = true;
            tree.AddRange(ProcessTable.TreeOf(Id, ProcessTable.Read()));
            Signals.Send(Id, Signals.Kill);
        }

        foreach (var left in tree.Where(e => e.Id != Id && ProcessTable.IsAlive(e)))
            Signals.Send(left.Id, Signals.Kill);
        await Exited.ConfigureAwait(false);
    }

    private static async Task Pump(StreamReader reader, bool isError, Action<string, bool> output)
    {
        try
        {
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
                output(line, isError);
        }
        catch (IOException)
        {
        }
        catch (ObjectDisposedException)
        {
        }
    }

    // A grandchild may hold the pipe open for as long as it likes, so the wait for last words is bounded.
    private async void OnExit()
    {
        var code = _forced ? -1 : _process.ExitCode;
        Signals.Send(-Id, Signals.Kill);
        await Task.WhenAny(_output, Task.Delay(OutputAfterExit)).ConfigureAwait(false);
        _process.Dispose();
        _exited.TrySetResult(code);
    }
}
