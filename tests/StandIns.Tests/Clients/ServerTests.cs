using System.Data.Common;
using System.Diagnostics;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using StackExchange.Redis;
using StandIns.Tests.Hosting;
using StandIns.Tests.Telemetry;

namespace StandIns.Tests.Clients;

/// <summary>The clients against the servers that an AppHost starts, by the connection strings that it gives.</summary>
[Collection(nameof(HostedApp))]
public sealed class ServerTests(HostedApp hosted) : IDisposable
{
    private readonly RecordedSpans _spans = new();
    private readonly RecordedMetrics _metrics = new();

    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Npgsql_Query_IsAnsweredTracedAndMeasured()
    {
        using var host = await HostAsync(builder => builder.AddNpgsqlDataSource("stock"));
        await using (var connection = host.Services.GetRequiredService<DbConnection>())
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT 40 + 2";
            Assert.Equal(42, await command.ExecuteScalarAsync());
        }
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host, "PostgreSql"));
        Assert.Contains(_spans.All, s => s.Source.Name == "Npgsql" && s.Kind == ActivityKind.Client);
        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        Assert.Equal("Npgsql", _metrics.MeterOf["db.client.operation.duration"]);
    }

    [Fact]
    public async Task Redis_Command_IsAnswered()
    {
        using var host = await HostAsync(builder => builder.AddRedisClient("redis"));
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>();
        await redis.GetDatabase().StringSetAsync("key", "value");
        Assert.Equal("value", await redis.GetDatabase().StringGetAsync("key"));
        Assert.Same(redis, host.Services.GetRequiredService<IConnectionMultiplexer>());
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host, "StackExchange.Redis"));
    }

    [Fact]
    public async Task RabbitMQ_Message_ArrivesInOneTrace()
    {
        using var host = await HostAsync(builder => builder.AddRabbitMQClient("rabbit"));
        var connection = host.Services.GetRequiredService<IConnection>();
        await using var channel = await connection.CreateChannelAsync();
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        var arrived = new TaskCompletionSource<string>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            arrived.TrySetResult(System.Text.Encoding.UTF8.GetString(message.Body.Span));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        await channel.BasicPublishAsync("", queue, "hello"u8.ToArray());
        Assert.Equal("hello", await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10)));

        var published = await _spans.OneAsync(s => s.Source.Name == "RabbitMQ.Client.Publisher");
        var received = await _spans.OneAsync(s => s.Source.Name == "RabbitMQ.Client.Subscriber");
        Assert.Contains(published.SpanId, received.Links.Select(l => l.Context.SpanId).Append(received.ParentSpanId));
        var connect = await _spans.OneAsync(s => s.DisplayName == "rabbitmq connect");
        Assert.Equal("rabbitmq", connect.GetTagItem("messaging.system"));
        Assert.Equal(connect.SpanId, (await _spans.OneAsync(s => s.DisplayName == "rabbitmq connect attempt")).ParentSpanId);
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host, "RabbitMQ.Client"));
    }

    [Fact]
    public async Task Tracing_Disabled_LeavesTheClientsOut()
    {
        using var host = await HostAsync(builder =>
        {
            builder.AddNpgsqlDataSource("stock", settings => (settings.DisableTracing, settings.DisableMetrics) = (true, true));
            builder.AddRabbitMQClient("rabbit", settings => settings.DisableTracing = true);
        });
        await using (var connection = host.Services.GetRequiredService<DbConnection>())
            await connection.OpenAsync();
        host.Services.GetRequiredService<IConnection>();
        Assert.DoesNotContain(_spans.All, s => s.Source.Name is "Npgsql" or "Aspire.RabbitMQ.Client");
    }

    private async Task<IHost> HostAsync(Action<IHostApplicationBuilder> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        foreach (var server in new[] { "stock", "redis", "rabbit" })
        {
            await hosted.Notifications.WaitForResourceHealthyAsync(server, HostedApp.Soon);
            builder.Configuration[$"ConnectionStrings:{server}"] = await hosted.App.GetConnectionStringAsync(server);
        }
        builder.Services.AddLogging();
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddProcessor(_spans))
            .WithMetrics(metrics => metrics.AddReader(new BaseExportingMetricReader(_metrics)));
        add(builder);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task<HealthStatus> HealthAsync(IHost host, string name) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries[name].Status;
}
