using CogniForge.Messaging.DeadLetters;
using CogniForge.Messaging.Journal;
using CogniForge.Messaging.RabbitMq;
using CogniForge.Messaging.TransactionalOutbox;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CogniForge.Messaging;

/// <summary>Registers a service's publishers, consumers and journals.</summary>
public static class MessagingExtensions
{
    /// <summary>Registers the handler of a subscription's events.</summary>
    /// <typeparam name="THandler">The handler, registered as a singleton.</typeparam>
    /// <param name="services">The service's registrations.</param>
    /// <param name="available">The available servers; without a broker, only events of this process arrive.</param>
    /// <param name="subscription">The queue and its event types.</param>
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

    /// <summary>Registers a journal of records about responses.</summary>
    /// <typeparam name="T">The type of the records.</typeparam>
    /// <typeparam name="TSink">Stores and publishes the records.</typeparam>
    /// <param name="services">The service's registrations.</param>
    public static void AddJournal<T, TSink>(this IServiceCollection services)
        where TSink : class, IJournalSink<T>
    {
        services.TryAddSingleton<JournalLocation>();
        services.AddSingleton<IJournalSink<T>, TSink>();
        services.AddSingleton<Journal<T>>();
        services.AddHostedService(provider => provider.GetRequiredService<Journal<T>>());
        services.AddDependencyCheck<JournalHealthCheck<T>>($"journal {Journal<T>.Name}", isRequired: true);
    }

    /// <summary>Registers the outbox and its dispatcher.</summary>
    /// <param name="services">The service's registrations.</param>
    /// <param name="available">The available servers; without a database, the service has no outbox.</param>
    public static void AddOutbox(this IServiceCollection services, AvailableDependencies available)
    {
        ArgumentNullException.ThrowIfNull(available);
        if (available.Postgres)
        {
            services
                .AddValidatedOptions<OutboxOptions>(OutboxOptions.SectionName)
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
            services.AddSingleton<OutboxBatchPublisher>();
            services.AddHostedService<OutboxDispatcher>();
            services.AddHostedService<OutboxListener>();
        }
    }

    /// <summary>Adds the publisher of events, and the broker's health check.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="available">The available servers; without a broker, events stay within this process.</param>
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
            builder.Services.AddDependencyCheck<RabbitMqHealthCheck>(
                "rabbitmq",
                required.HasFlag(RequiredDependencies.RabbitMq)
            );

            // The publisher and the consumers reconnect, because they know which messages were in flight. They also
            // create the spans; the client's own would duplicate them.
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
