using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polly;

namespace Microsoft.Extensions.Http.Resilience;

internal sealed class HttpPipelineOptions
{
    public Dictionary<string, Action<ResiliencePipelineBuilder<HttpResponseMessage>, ResilienceHandlerContext>> Configure { get; } = [];

    public HashSet<string> ByAuthority { get; } = [];
}

/// <summary>Keeps each pipeline for the life of the process: a circuit breaker outlives the handlers, which are renewed every few minutes.</summary>
internal sealed class HttpPipelines(IServiceProvider services, IOptions<HttpPipelineOptions> options)
{
    private readonly ConcurrentDictionary<(string Name, string Instance), Lazy<ResiliencePipeline<HttpResponseMessage>>> _pipelines = new();

    public Func<HttpRequestMessage, ResiliencePipeline<HttpResponseMessage>> Selector(string name)
    {
        if (options.Value.ByAuthority.Contains(name))
            return request => Get(name, request.RequestUri!.GetLeftPart(UriPartial.Authority));
        var pipeline = Get(name, "");
        return _ => pipeline;
    }

    private ResiliencePipeline<HttpResponseMessage> Get(string name, string instance) =>
        _pipelines.GetOrAdd((name, instance), key => new(() => Build(key.Name, key.Instance))).Value;

    private ResiliencePipeline<HttpResponseMessage> Build(string name, string instance)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { Name = name, InstanceName = instance };
        if (services.GetService<TimeProvider>() is { } time)
            builder.TimeProvider = time;
        options.Value.Configure[name](builder, new(services, name, instance));
        return builder.Build();
    }
}

public sealed class ResilienceHandlerContext
{
    internal ResilienceHandlerContext(IServiceProvider services, string builderName, string instanceName) =>
        (ServiceProvider, BuilderName, InstanceName) = (services, builderName, instanceName);

    public IServiceProvider ServiceProvider { get; }

    public string BuilderName { get; }

    public string InstanceName { get; }
}
