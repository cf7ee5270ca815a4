using CogniForge.Messaging.DeadLetters;
using CogniForge.Messaging.Journal;
using CogniForge.Messaging.RabbitMq;
using CogniForge.Messaging.TransactionalOutbox;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CogniForge.Messaging;

/// <summary>Registers what a service publishes and consumes.</summary>
public static class MessagingExtensions
{
    /// <summary>Hands the events of a subscription to a handler.</summary>
    /// <typeparam name="THandler">The handler, a singleton.</typeparam>
    /// <param name="services">The service's registrations.</param>
    /// <param name="available">Which servers there are; without a broker only events of this process arrive.</param>
    /// <param name="subscription">The queue and its types of events.</param>
    public static void AddEventHandler<THandler>(
        this IServiceCollection services,
        AvailableDependencies available,
        Subscription subscription
    )
        where THandler : class, IEventHandler
    {
        services.TryAddSingleton<THandler>();
        if (available.RabbitMq)
        {
            services.AddSingleton<IHostedService>(provider =>
                ActivatorUtilities.CreateInstance<RabbitMqConsumer<THandler>>(provider, subscription)
            );
            services.AddSingleton(provider =>
                ActivatorUtilities.CreateInstance<DeadLetterQueue>(provider, subscription)
            );
        }
        else
        {
            services.AddSingleton(provider => new InMemorySubscription(
                subscription,
                provider.GetRequiredService<THandler>
            ));
        }
    }

    /// <summary>Gives the service a journal of facts about its answers.</summary>
    /// <typeparam name="T">The records.</typeparam>
    /// <typeparam name="TSink">Stores and announces them.</typeparam>
    /// <param name="services">The service's registrations.</param>
    public static void AddJournal<T, TSink>(this IServiceCollection services)
        where TSink : class, IJournalSink<T>
    {
        services.TryAddSingleton<JournalLocation>();
        services.AddSingleton<IJournalSink<T>, TSink>();
        services.AddSingleton<Journal<T>>();
        services.AddHostedService(provider => provider.GetRequiredService<Journal<T>>());
    }

    /// <summary>Publishes what the service puts into its outbox.</summary>
    /// <param name="services">The service's registrations.</param>
    /// <param name="available">Which servers there are; without a database there is no outbox.</param>
    public static void AddOutbox(this IServiceCollection services, AvailableDependencies available)
    {
        ArgumentNullException.ThrowIfNull(available);
        if (available.Postgres)
        {
            services
                .AddOptionsWithValidateOnStart<OutboxOptions>()
                .BindConfiguration(OutboxOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true)
                .Validate(
                    o => o.PollInterval >= TimeSpan.FromMilliseconds(100) && o.PollInterval <= TimeSpan.FromDays(1),
                    "Outbox:PollInterval must be 100 ms to 1 day."
                )
                .Validate(o => o.BatchSize is >= 1 and <= 1_000, "Outbox:BatchSize must be 1 to 1,000.")
                .Validate(
                    o => o.RetryDelay >= TimeSpan.FromMilliseconds(10) && o.RetryDelay <= TimeSpan.FromMinutes(1),
                    "Outbox:RetryDelay must be 10 ms to 1 min."
                );
            services.AddSingleton(provider => provider.GetRequiredService<IOptions<OutboxOptions>>().Value);
            services.AddSingleton<Outbox>();
            services.AddSingleton<OutboxBatch>();
            services.AddHostedService<OutboxDispatcher>();
            services.AddHostedService<OutboxListener>();
        }
    }

    /// <summary>Adds the publisher of events, and the broker's health check.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="available">Which servers there are; without a broker, events stay within this process.</param>
    /// <param name="required">The servers that the service cannot work without.</param>
    public static void AddMessaging(
        this IHostApplicationBuilder builder,
        AvailableDependencies available,
        RequiredDependencies required
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(available);
        if (available.RabbitMq)
        {
            var timeouts = TimeoutOptions.Read(builder.Configuration);
            builder.AddDependencyCheck<RabbitMqHealthCheck>(
                "rabbitmq",
                required.HasFlag(RequiredDependencies.RabbitMq),
                timeouts.Health
            );

            // Connections are kept and mended by the publisher and the consumers, which know what was under way.
            // The publisher and the consumers make the spans, too: the client's own would double them.
            builder.AddRabbitMQClient(
                AvailableDependencies.Broker,
                settings => (settings.DisableHealthChecks, settings.DisableTracing) = (true, true),
                factory =>
                {
                    factory.AutomaticRecoveryEnabled = false;
                    factory.RequestedHeartbeat = timeouts.RabbitMqHeartbeat;
                    factory.RequestedConnectionTimeout = timeouts.RabbitMqConnect;
                    factory.HandshakeContinuationTimeout = timeouts.RabbitMqConnect;
                    BoundedTcpClient.Use(factory, timeouts.RabbitMqConnect);
                }
            );
            builder.Services.AddSingleton<RabbitMqPublisher>();
            builder.Services.AddSingleton<IEventPublisher>(services =>
                services.GetRequiredService<RabbitMqPublisher>()
            );
        }
        else
        {
            builder.Services.AddSingleton<IEventPublisher, InMemoryEventBus>();
        }
    }
}
