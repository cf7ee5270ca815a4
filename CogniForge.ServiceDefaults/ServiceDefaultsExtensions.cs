using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Hosting;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Idempotency;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.ServiceDefaults.Overload;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults;

/// <summary>Registers what all services share.</summary>
public static partial class ServiceDefaultsExtensions
{
    /// <summary>Adds telemetry, health checks, service discovery, problem details, API keys and stores.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="service">The service's name, database and assembly.</param>
    /// <param name="required">The servers without which the service is unhealthy.</param>
    /// <returns>The available servers, by which the service selects its stores.</returns>
    /// <exception cref="InvalidOperationException">
    /// A connection string is missing, and memory must not replace the server.
    /// </exception>
    public static AvailableDependencies AddServiceDefaults(
        this WebApplicationBuilder builder,
        ServiceDescription service,
        RequiredDependencies required
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(service);
        builder
            .Services.AddValidatedOptions<CogniForgeOptions>(CogniForgeOptions.SectionName)
            .Validate<IHostEnvironment>(
                (o, environment) => environment.IsDevelopment() || !string.IsNullOrEmpty(o.AdminApiKey),
                $"CogniForge:AdminApiKey is required outside Development: {CogniForgeOptions.MinKeyLength} or more "
                    + "random characters."
            );
        var options = builder.Configuration.ReadOptions<CogniForgeOptions>(CogniForgeOptions.SectionName);
        var available = AvailableDependencies.Detect(
            builder.Configuration,
            builder.Environment,
            options,
            service.Database
        );

        // Traces already show each request and SQL command; configuration can lower these levels.
        string[] quietCategories =
        [
            "Microsoft.AspNetCore",
            "System.Net.Http.HttpClient",
            "Polly",
            "Npgsql",
            "RabbitMQ.Client",
            "StackExchange.Redis",
        ];
        builder.Configuration.Sources.Insert(
            0,
            new MemoryConfigurationSource
            {
                InitialData = quietCategories.Select(c =>
                    KeyValuePair.Create<string, string?>($"Logging:LogLevel:{c}", "Warning")
                ),
            }
        );

        builder.Services.AddSingleton(_ => service); // so that the host disposes its meter: it is kept until then
        builder.Services.AddSingleton(available);
        builder.Services.AddSingleton(options.Timeouts);
        builder.Services.TryAddSingleton(TimeProvider.System);

        builder.AddTelemetry();
        builder.AddHealth(available, required);
        builder.AddHosting();
        builder.AddHttp();
        builder.AddKeys();
        builder.AddStores(available, service, options.Timeouts);
        return available;
    }

    /// <summary>Adds the shared middleware and endpoints: probes, metrics, API keys, the OpenAPI document.</summary>
    /// <param name="app">The service.</param>
    public static void UseServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);

        // Here, because the host would log an invalid option with a stack trace.
        app.Services.GetService<IStartupValidator>()?.Validate();
        app.Lifetime.ApplicationStarted.Register(StartErrors.Stop);
        var service = app.Services.GetRequiredService<ServiceDescription>();
        var missing = app.Services.GetRequiredService<AvailableDependencies>().Missing(service.Database);
        if (missing.Count > 0)
        {
            Log.InMemory(app.Logger, service.Name, string.Join(", ", missing));
        }

        app.UseMiddleware<PipeliningMiddleware>();
        app.UseProxies();
        app.UseCrossOrigin();
        app.UseMiddleware<UnreadBodyMiddleware>();
        app.UseMiddleware<HeadMiddleware>();
        app.UseRouting();
        app.UseMiddleware<ClientTraceMiddleware>();
        app.UseMiddleware<DisableTracingMiddleware>();
        app.UseMiddleware<ResponseTimeoutMiddleware>();
        app.UseExceptionHandler();
        app.UseStatusCodePages(page => WriteProblemAsync(page.HttpContext));
        app.UseAdminPort();
        app.UseAuthentication();
        app.UseMiddleware<CompressedBodyMiddleware>();
        app.UseMiddleware<OverloadMiddleware>();
        app.UseAuthorization();
        app.UseMiddleware<HeadOfStreamMiddleware>();
        app.UseMiddleware<BodySizeMiddleware>();
        app.UseQueryValidation();
        app.UseMiddleware<IdempotencyMiddleware>();

        app.MapHealth(service.Name);
        app.MapKeys(service.Name);
        app.MapAudit(service.Name);
        app.MapOpenApiDocument();
        app.MapMetrics();
    }

    private static Task WriteProblemAsync(HttpContext context) =>
        (
            BodyFault.Describe(context)
            ?? BindingErrors.Describe(context)
            ?? Problems.Create(context.Response.StatusCode)
        ).ExecuteAsync(context);

    private static void AddHttp(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<CogniForgeOptions>>(
                (kestrel, options) =>
                {
                    kestrel.AddServerHeader = false;
                    kestrel.Limits.MaxRequestBodySize = options.Value.MaxRequestBodyBytes;
                    options.Value.Clients.Apply(kestrel.Limits);
                }
            );
        builder
            .Services.AddOptions<SocketTransportOptions>()
            .Configure<IOptions<CogniForgeOptions>>((sockets, options) => options.Value.Clients.Apply(sockets));
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.Configure<JsonOptions>(o =>
        {
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;

            // The last of two limits would count, and an operator who reads the first would not see it.
            o.SerializerOptions.AllowDuplicateProperties = false;
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        });
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
    }

    private static void AddKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SharedKeys>();
        builder.Services.AddSingleton<RefusedLogins>();
        builder.Services.AddHostedService<RefusedLoginWriter>();
        builder.Services.AddSingleton<ApiKeyCache>();
        builder.Services.AddSingleton<ApiKeyAuthenticator>();
        builder.Services.AddSingleton(provider => new ApiKeyQueries(
            provider.GetRequiredService<IApiKeyStore>(),
            provider.GetService<IKeyLimits>()
        ));

        // AddAuthentication would also write data protection keys into the home directory, which nothing here uses.
        builder.Services.AddAuthenticationCore(o => o.DefaultScheme = ApiKeyHandler.SchemeName);
        builder.Services.AddWebEncoders();
        new AuthenticationBuilder(builder.Services).AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(
            ApiKeyHandler.SchemeName,
            null
        );
        builder.Services.AddSingleton<IAuthorizationHandler, ScopeAuthorizationHandler>();

        // An endpoint without a scope still requires a key.
        builder
            .Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static void AddStores(
        this WebApplicationBuilder builder,
        AvailableDependencies available,
        ServiceDescription service,
        TimeoutOptions timeouts
    )
    {
        var migrations = new MigrationStatus();
        builder.Services.AddSingleton(migrations);
        if (available.Postgres)
        {
            builder.AddNpgsqlDataSource(
                service.Database,
                settings => settings.DisableHealthChecks = true,
                source => PostgresDefaults.Apply(source, timeouts)
            );
            builder.Services.AddSingleton<Database>();
            builder.Services.AddHostedService<MigrationService>();
            builder.Services.AddSingleton<IAuditLog, PostgresAuditLog>();
            builder.Services.AddSingleton<IApiKeyStore, PostgresApiKeyStore>();
            builder.Services.AddSingleton<IIdempotencyStore, PostgresIdempotencyStore>();
            builder.Services.AddSingleton<ILeaderLock, PostgresLeaderLock>();
        }
        else
        {
            migrations.SetApplied();
            builder.Services.AddSingleton<InMemoryAuditLog>();
            builder.Services.AddSingleton<IAuditLog>(services => services.GetRequiredService<InMemoryAuditLog>());
            builder.Services.AddSingleton<IApiKeyStore, InMemoryApiKeyStore>();
            builder.Services.AddSingleton<IIdempotencyStore, InMemoryIdempotencyStore>();
            builder.Services.AddSingleton<ILeaderLock, InMemoryLeaderLock>();
        }

        builder.Services.AddHostedService<IdempotencyCleanUp>();
        if (available.Redis)
        {
            builder.AddRedisClient(
                AvailableDependencies.Cache,
                settings => settings.DisableHealthChecks = true,
                redis => RedisDefaults.Apply(redis, timeouts)
            );
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.StoresInMemory,
            LogLevel.Warning,
            "{Service} keeps the data of {Missing} in memory until the process ends: no connection string"
        )]
        public static partial void InMemory(ILogger logger, string service, string missing);
    }
}
