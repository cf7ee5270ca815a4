using System.Diagnostics.Metrics;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Overload;

/// <summary>
/// Bounds requests in flight and their bodies, before a body is read. Under overload, each key or address has a fair
/// share. Above it, requests get 429; those with a body wait first, unread: Kestrel would receive a refused body too.
/// </summary>
internal sealed class OverloadMiddleware(
    RequestDelegate next,
    IOptions<CogniForgeOptions> options,
    ServiceDescription service,
    TimeProvider time
)
{
    private const string RetryAfterSeconds = "1";
    private readonly FairShare _requests = new(options.Value.Overload.MaxRequests);
    private readonly FairShare _bodies = new(options.Value.Overload.MaxBodyBytes);
    private readonly WorkShare _work = new(Environment.ProcessorCount, options.Value.Overload.MaxWait, time);
    private readonly Counter<long> _refused = service.Meter.CreateCounter<long>(
        "cogniforge.overload.refused",
        "{request}",
        "Requests refused under overload"
    );

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<UnlimitedMetadata>() is not null)
        {
            await next(context);
            return;
        }

        var key = GetKey(context);
        if (!_requests.TryTake(key, 1))
        {
            await RefuseAsync(context);
            return;
        }

        try
        {
            await RunAsync(context, key);
        }
        finally
        {
            _requests.Release(key, 1);
        }
    }

    private async Task RunAsync(HttpContext context, string key)
    {
        // An endpoint that declares its memory may keep a response, also to a request without a body.
        var known = context.Request.ContentLength;
        var memory = context.GetEndpoint()?.Metadata.GetMetadata<BodyMemoryMetadata>();
        if (
            known is null
            && memory is null
            && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true
        )
        {
            await next(context);
            return;
        }

        // A body beyond the maximum size is refused unread.
        var max = Math.Min(
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? int.MaxValue,
            int.MaxValue
        );
        var bytes = Math.Min(known ?? 0, max);
        var share = new BodyShare(_bodies, _work, key, memory ?? BodyMemoryMetadata.Default, bytes);
        if (!await share.TakeAsync(options.Value.Overload.MaxWait, time, context.RequestAborted))
        {
            await RefuseAsync(context);
            return;
        }

        try
        {
            context.Features.Set(share);
            if (known is null)
            {
                context.Request.Body = new ObservedBody(context, Count);
            }

            await next(context);
        }
        finally
        {
            share.Release();
            _refused.Add(share.IsRefused ? 1 : 0);
        }

        void Count(int read)
        {
            if (!share.TryAdd(read))
            {
                _refused.Add(1);
                if (!context.Response.HasStarted)
                {
                    context.Response.Headers.RetryAfter = RetryAfterSeconds;
                }

                throw (memory ?? BodyMemoryMetadata.Default).CreateException();
            }
        }
    }

    private Task RefuseAsync(HttpContext context)
    {
        _refused.Add(1);
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problems.Create(StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
    }

    private static string GetKey(HttpContext context) =>
        Caller.From(context.User).Id is { Length: > 0 } id
            ? id
            : $"address {ClientAddress.GetNetwork(context)}";
}
