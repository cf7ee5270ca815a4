using System.Diagnostics;
using CogniForge.Messaging;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using StackExchange.Redis;

namespace CogniForge.ServiceDefaults.Tests.Telemetry;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class TracingTests(RealServers servers)
{
    [Fact]
    public async Task Service_Idle_ExportsAndLogsNothing()
    {
        using var spans = new ExportedSpans();
        await using (var service = await StartAsync(spans))
        {
            using var client = ExportedSpans.OutsideClient(service.Address);
            client.DefaultRequestHeaders.Authorization = new("Bearer", TestService.RootKey);
            foreach (var path in new[] { "/alive", "/health", "/health/details", "/metrics" })
            {
                await Until.TrueAsync(async () => (await client.GetAsync(path)).IsSuccessStatusCode, path);
            }

            // The outbox queries Postgres in each round, and a background job uses Redis.
            var before = await QueriesAsync(client);
            var logged = service.Logs.At(LogLevel.Information);
            await Until.TrueAsync(async () => await QueriesAsync(client) >= before + 3, "three rounds of the outbox");
            await service.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().PingAsync();
            Assert.Equal(logged, service.Logs.At(LogLevel.Information));
        }

        Assert.Empty(spans.All);
    }

    [Fact]
    public async Task Request_Traced_FormsOneCompleteTrace()
    {
        using var spans = new ExportedSpans();
        await using (var service = await StartAsync(spans))
        {
            using var client = ExportedSpans.OutsideClient(service.Address);
            await Until.TrueAsync(
                async () => (await client.GetAsync("/health")).IsSuccessStatusCode,
                "the tables are there"
            );

            using var response = await client.GetAsync("/all");

            response.EnsureSuccessStatusCode();
        }

        spans.AssertOneWholeTrace();
        Assert.Contains(spans.All, s => s.Source.Name == "Npgsql");
        Assert.Contains(spans.All, s => s.Source.Name == "OpenTelemetry.Instrumentation.StackExchangeRedis");
        Assert.Contains(spans.All, s => s.Source.Name == "System.Net.Http");
        Assert.Contains(spans.All, s => s is { Kind: ActivityKind.Producer, DisplayName: "publish test.traced.v1" });
        Assert.Single(spans.All, s => s.Kind == ActivityKind.Producer);
    }

    private async Task<TestService> StartAsync(ExportedSpans spans) =>
        await TestService.StartAsync(
            app =>
                app.MapGet(
                        "/all",
                        async (
                            NpgsqlDataSource database,
                            IConnectionMultiplexer redis,
                            IEventPublisher publisher,
                            HttpClient http
                        ) =>
                        {
                            await using var command = database.CreateCommand("SELECT 1");
                            await command.ExecuteScalarAsync();
                            await redis.GetDatabase().StringGetAsync("key");
                            await http.GetAsync(new Uri($"{app.Urls.Single()}/alive"));
                            try
                            {
                                await publisher.PublishAsync(
                                    CloudEvent.Create(
                                        "test.traced.v1",
                                        "/test",
                                        TimeProvider.System.GetUtcNow(),
                                        "data",
                                        null
                                    ),
                                    default
                                );
                            }
                            catch (BrokerUnavailableException e) when (e.NoQueue)
                            {
                                // Expected: no queue is bound to the event type.
                            }
                        }
                    )
                    .AllowAnonymous(),
            configure: builder =>
            {
                spans.AddTo(builder.Services);
                builder.Services.AddOutbox(new(true, true, true));
                builder
                    .Services.AddHttpClient()
                    .AddTransient(services => services.GetRequiredService<IHttpClientFactory>().CreateClient());
            },
            settings:
            [
                ("ConnectionStrings:llmdb", await servers.NewDatabaseAsync()),
                ("ConnectionStrings:cache", servers.Redis),
                ("ConnectionStrings:messaging", servers.RabbitMq),
            ]
        );

    private static async Task<double> QueriesAsync(HttpClient client) =>
        PrometheusText
            .Parse(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)))
            .Series.Where(s => s.Key.StartsWith("db_client_operation_duration_seconds_count", StringComparison.Ordinal))
            .Sum(s => s.Value);
}
