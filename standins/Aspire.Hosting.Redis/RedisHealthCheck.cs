using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Redis;

/// <summary>Logs in and pings, in Redis's own protocol.</summary>
internal sealed class RedisHealthCheck(RedisResource redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(redis.PrimaryEndpoint.Host, redis.PrimaryEndpoint.Port, timeout.Token).ConfigureAwait(false);
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            if (redis.PasswordParameter is { } password)
            {
                var secret = await password.GetValueAsync(timeout.Token).ConfigureAwait(false) ?? "";
                if (await AskAsync($"AUTH {secret}").ConfigureAwait(false) is not "+OK" and var refused)
                    return HealthCheckResult.Unhealthy($"Redis refused the password: {refused}");
            }

            return await AskAsync("PING").ConfigureAwait(false) is "+PONG" ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Redis did not answer PING.");

            async Task<string?> AskAsync(string command)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), timeout.Token).ConfigureAwait(false);
                return await reader.ReadLineAsync(timeout.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(e.Message, e);
        }
    }
}
