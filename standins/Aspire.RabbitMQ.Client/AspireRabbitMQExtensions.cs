using System.Diagnostics;
using System.Net.Sockets;
using Aspire.RabbitMQ.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polly;
using Polly.Retry;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Microsoft.Extensions.Hosting;

public static class AspireRabbitMQExtensions
{
    private const string Section = "Aspire:RabbitMQ:Client";
    private static readonly ActivitySource _source = new("Aspire.RabbitMQ.Client");

    public static void AddRabbitMQClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<RabbitMQClientSettings>? configureSettings = null,
        Action<ConnectionFactory>? configureConnectionFactory = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        IConfigurationSection[] sections =
            [builder.Configuration.GetSection(Section), builder.Configuration.GetSection($"{Section}:{connectionName}")];
        var settings = new RabbitMQClientSettings();
        foreach (var section in sections)
            section.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.TryAddSingleton<RabbitMQEventLog>();
        builder.Services.AddSingleton<IConnectionFactory>(services =>
        {
            services.GetRequiredService<RabbitMQEventLog>();
            var factory = new ConnectionFactory();
            foreach (var section in sections)
                section.GetSection("ConnectionFactory").Bind(factory);
            if (!string.IsNullOrEmpty(settings.ConnectionString))
                factory.Uri = new(settings.ConnectionString);
            configureConnectionFactory?.Invoke(factory);
            return factory;
        });
        // The container knows no asynchronous factories, and the client no other way to connect.
        builder.Services.AddSingleton(services =>
            ConnectAsync(services.GetRequiredService<IConnectionFactory>(), settings.MaxConnectRetryCount).GetAwaiter().GetResult());

        if (!settings.DisableHealthChecks)
            builder.TryAddHealthCheck("RabbitMQ.Client", services => OpenChannel(services));
        if (!settings.DisableTracing)
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(_source.Name, "RabbitMQ.Client.*"));
    }

    private static async Task<IConnection> ConnectAsync(IConnectionFactory factory, int retries)
    {
        var pipeline = new ResiliencePipelineBuilder();
        if (retries > 0)
            pipeline.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<SocketException>().Handle<BrokerUnreachableException>(),
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
            });

        using var span = Start("rabbitmq connect", factory.Uri);
        return await pipeline.Build().ExecuteAsync(async cancellationToken =>
        {
            using var attempt = Start("rabbitmq connect attempt", factory.Uri);
            attempt?.SetTag("messaging.operation", "connect");
            try
            {
                return await factory.CreateConnectionAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                attempt?.SetTag("exception.type", e.GetType().FullName).SetTag("exception.message", e.Message).SetTag("exception.stacktrace", e.ToString());
                attempt?.SetStatus(ActivityStatusCode.Error);
                throw;
            }
        }).ConfigureAwait(false);
    }

    private static Activity? Start(string name, Uri address) => _source.StartActivity(name, ActivityKind.Client)?
        .SetTag("server.address", address.Host).SetTag("server.port", address.Port).SetTag("messaging.system", "rabbitmq");

    // Asked for inside the check: making the connection is part of what is checked.
    private static Func<CancellationToken, Task> OpenChannel(IServiceProvider services) => async cancellationToken =>
    {
        await using var channel = await services.GetRequiredService<IConnection>().CreateChannelAsync(cancellationToken: cancellationToken);
    };
}
