using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CogniForge.Bench.Processes;

/// <summary>A server in its own process, on a free loopback port.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private const int KeptLines = 20;
    private static readonly TimeSpan _startTimeout = TimeSpan.FromSeconds(60);

    // Variables that the shell or an orchestrator set for other processes would distort the measurement.
    private static readonly string[] _notInherited =
    [
        "ASPNETCORE_",
        "DOTNET_ENVIRONMENT",
        "DOTNET_URLS",
        "OTEL_",
        "CogniForge__",
        "ConnectionStrings__",
        "services__",
        "Logging__",
        "Providers__",
        "Routes__",
    ];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<ManagedMemory>? _memory;

    private ServerProcess(string name, ProcessStartInfo start)
    {
        Name = name;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Read(e.Data);
        _process.ErrorDataReceived += (_, e) => Read(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    /// <summary>The address on which the server listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The CPU time used so far, user and system.</summary>
    public TimeSpan Cpu => Read(p => p.TotalProcessorTime);

    /// <summary>The resident memory, in bytes.</summary>
    public long ResidentBytes => Read(p => p.WorkingSet64);

    /// <summary>Starts a project's program from the same build configuration, and waits until it listens.</summary>
    /// <param name="name">The server's name in messages.</param>
    /// <param name="project">The project, e.g. <c>CogniForge.Llm</c>.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="environment">The settings, as environment variables.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="BenchException">The program ended, or did not listen in time.</exception>
    public static Task<ServerProcess> StartAsync(
        string name,
        string project,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        // artifacts/bin/<project>/<configuration>/
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var folder = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name);
        var program = Path.Combine(folder, project + (OperatingSystem.IsWindows() ? ".exe" : ""));
        if (!File.Exists(program))
        {
            throw new BenchException(
                $"{program} does not exist: run 'dotnet run -c Release', which builds it."
            );
        }

        return StartAsync(
            name,
            program,
            folder,
            arguments,
            new Dictionary<string, string>(environment)
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Mock__Enabled"] = "true",
                ["ASPNETCORE_URLS"] = environment.GetValueOrDefault("ASPNETCORE_URLS", "http://127.0.0.1:0"),
                ["DOTNET_STARTUP_HOOKS"] = typeof(ServerProcess).Assembly.Location,
            },
            cancellationToken
        );
    }

    /// <summary>Starts a program that prints ASP.NET's line when it listens, and waits for that line.</summary>
    /// <param name="name">The server's name in messages.</param>
    /// <param name="program">The executable.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="environment">The settings, as environment variables.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="BenchException">The program ended, or did not listen in time.</exception>
    public static async Task<ServerProcess> StartAsync(
        string name,
        string program,
        string folder,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var variable in start
                .Environment.Keys.Where(k =>
                    _notInherited.Any(p => k.StartsWith(p, StringComparison.OrdinalIgnoreCase))
                )
                .ToList()
        )
        {
            start.Environment.Remove(variable);
        }

        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        var server = new ServerProcess(name, start);
        try
        {
            var ended = server._process.WaitForExitAsync(cancellationToken);
            if (await Task.WhenAny(server._listening.Task, ended).WaitAsync(_startTimeout, cancellationToken) == ended)
            {
                throw server.Ended();
            }

            server.Address = await server._listening.Task;
            return server;
        }
        catch (TimeoutException)
        {
            server.Dispose();
            throw new BenchException(
                $"{name} did not listen within {_startTimeout.TotalSeconds:0} s.{server.LastLines}"
            );
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Makes a .NET server collect its garbage, and returns what remains.</summary>
    public async Task<ManagedMemory> ManagedMemoryAsync(CancellationToken cancellationToken)
    {
        _memory = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _process.StandardInput.WriteLineAsync(MemoryHook.Command.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await _memory.Task.WaitAsync(_startTimeout, cancellationToken);
    }

    /// <summary>Kills the process: it holds nothing worth keeping.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>The last lines of output, each on a new line, to append to a message.</summary>
    public string LastLines => string.Concat(_output.Select(line => $"\n  {line}"));

    private T Read<T>(Func<Process, T> figure)
    {
        _process.Refresh();
        return _process.HasExited ? throw Ended() : figure(_process);
    }

    private BenchException Ended() => new($"{Name} ended with exit code {_process.ExitCode}.{LastLines}");

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (_output.Count > KeptLines)
        {
            _output.TryDequeue(out _);
        }

        if (ListeningLine.Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new(match.Groups[1].Value));
        }

        if (ManagedMemory.Parse(line) is { } memory)
        {
            _memory?.TrySetResult(memory);
        }
    }

    // The generic host prints this line in every environment.
    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningLine { get; }
}
