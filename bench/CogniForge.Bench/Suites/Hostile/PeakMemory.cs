using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Suites.Hostile;

/// <summary>The highest resident memory of a server while it is watched, ten times a second.</summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly Timer _timer;
    private long _bytes;

    public PeakMemory(ServerProcess server) =>
        _timer = new(_ => Look(server), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));

    public long Bytes => Volatile.Read(ref _bytes);

    public void Dispose() => _timer.Dispose();

    private void Look(ServerProcess server)
    {
        try
        {
            var now = server.ResidentBytes;
            if (now > Bytes)
            {
                Volatile.Write(ref _bytes, now);
            }
        }
        catch (BenchException)
        {
            // The measurement itself reports a server that has ended.
        }
    }
}
