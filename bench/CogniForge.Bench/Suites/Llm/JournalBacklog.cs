using System.Globalization;
using System.Net.Http.Headers;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>The records in a service's journal that are not yet stored and published, from its metrics.</summary>
/// <param name="service">The service.</param>
/// <param name="key">A key with access to its metrics.</param>
internal sealed class JournalBacklog(ServerProcess service, string key)
{
    private const string Metric = "cogniforge_journal_pending_bytes";
    private static readonly HttpClient _http = new();
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(2);

    /// <summary>The size of the pending records, in bytes.</summary>
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

    /// <summary>Waits until no records are pending.</summary>
    /// <exception cref="BenchException">The stores do not keep up.</exception>
    public async Task EmptyAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await BytesAsync(cancellationToken) is > 0 and var bytes)
        {
            if (TimeProvider.System.GetElapsedTime(started) > _timeout)
            {
                throw new BenchException(
                    $"{bytes:N0} bytes of records are still not stored after {_timeout.TotalMinutes:0} minutes."
                        + service.LastLines
                );
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
