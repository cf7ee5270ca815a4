using System.Runtime.InteropServices;
using CogniForge.Bench;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Processes;
using CogniForge.Bench.Reporting;
using CogniForge.Bench.Suites;
using CogniForge.Bench.Suites.Hostile;
using CogniForge.Bench.Suites.Llm;
using CogniForge.Bench.Suites.Outboxes;
using CogniForge.Bench.Suites.Serving;

// This program also runs as the servers that the services are compared with.
switch (args)
{
    case [BareEndpoint.Argument]:
        await BareEndpoint.RunAsync();
        return 0;
    case [BareForwarder.Argument, var provider]:
        await BareForwarder.RunAsync(new(provider));
        return 0;
    case [YarpForwarder.Argument, var provider]:
        await YarpForwarder.RunAsync(new(provider));
        return 0;
    case [StreamingProvider.Argument]:
        StreamingProvider.Run();
        return 0;
    case [FakeProvider.Argument]:
        FakeProvider.Run();
        return 0;
}

if (args.Any(a => a is "--help" or "-h"))
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}

#if DEBUG
var isDebug = true;
#else
var isDebug = false;
#endif
if (isDebug)
{
    Console.Error.WriteLine(
        "A Debug build gives meaningless figures: run 'dotnet run -c Release --project bench/CogniForge.Bench'."
    );
    return 1;
}

var suites = new Dictionary<string, Func<BenchOptions, Action<string>, CancellationToken, Task<Report>>>
{
    ["foundation"] = Foundation.RunAsync,
    ["llm"] = Gateway.RunAsync,
    ["serving"] = ServingSuite.RunAsync,
    ["outbox"] = OutboxSuite.RunAsync,
    ["hostile"] = HostileSuite.RunAsync,
};

// On every stop signal, it first ends the processes that it started.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

try
{
    var options = BenchOptions.Parse(args);
    if (!suites.TryGetValue(options.Suite, out var run))
    {
        throw new BenchException($"Unknown suite {options.Suite}; the suites are {string.Join(", ", suites.Keys)}.");
    }

    var report = await run(options, Console.Error.WriteLine, stop.Token);
    TableWriter.Write(report, options);
    if (options.JsonFile is { } file)
    {
        await JsonWriter.WriteAsync(report, options, file, stop.Token);
    }

    return report.Errors == 0 ? 0 : 1;
}
catch (BenchException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
