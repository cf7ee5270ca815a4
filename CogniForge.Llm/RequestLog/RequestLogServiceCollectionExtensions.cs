using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm.RequestLog;

internal static class RequestLogServiceCollectionExtensions
{
    public static void AddRequestLog(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddJournal<RequestLogEntry, RequestLogSink>();
        services.AddValidatedOptions<RequestLogOptions>(RequestLogOptions.SectionName);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RequestLogOptions>>().Value);
        if (available.Postgres)
        {
            services.AddSingleton<IRequestLog, PostgresRequestLog>();
            services.AddSingleton<RequestLogRollup>();
            services.AddHostedService<RequestLogRetention>();
        }
        else
        {
            services.AddSingleton<IRequestLog, InMemoryRequestLog>();
        }
    }
}
