using System.Globalization;
using System.Net.Http.Headers;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>What waits in a service's journal to be stored and announced, as its metrics tell.</summary>
/// <param name="service">The service.</param>
/// <param name="key">A key that may read its metrics.</param>
internal sealed class JournalBacklog(ServerProcess service, string key)
{
    private const string Metric = "cogniforge_journal_pending_bytes";
    private static readonly HttpClient _http = new();
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>How many bytes of records wait.</summary>
    public async Task<long> BytesAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Address, "/metrics"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var lines = (await response.Content.ReadAsStringAsync(cancellationToken))
            .Split('\n')
            .Where(line => line.StartsWith(Metric, StringComparison.Ordinal));
        return (long)lines.Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until nothing waits any more.</summary>
    /// <exception cref="BenchException">That takes too long: the stores do not keep up.</exception>
    public async Task EmptyAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await BytesAsync(cancellationToken) is > 0 and var bytes)
        {
            if (TimeProvider.System.GetElapsedTime(started) > _patience)
            {
                throw new BenchException(
                    $"{bytes:N0} bytes of records still wait to be stored after {_patience.TotalMinutes:0} minutes.{service.LastLines}"
                );
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
