using System.Security.Cryptography;
using System.Text;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>Returns the stored response to a repeated request.</summary>
internal sealed partial class IdempotencyMiddleware(RequestDelegate next, ILogger<IdempotencyMiddleware> logger)
{
    public const string Header = "Idempotency-Key";

    public Task InvokeAsync(HttpContext context, IIdempotencyStore store, TimeProvider time) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IdempotentMetadata>() is null
        || context.Request.Headers[Header] is not [{ } key, ..]
            ? next(context)
            : RunOnceAsync(context, key, store, time);

    private async Task RunOnceAsync(HttpContext context, string key, IIdempotencyStore store, TimeProvider time)
    {
        if (key.Length is 0 or > 255 || key.Any(c => c is < '!' or > '~'))
        {
            await Problems.Invalid([new(Header, "must have 1 to 255 visible ASCII characters")]).ExecuteAsync(context);
            return;
        }

        var slot = new IdempotencySlot(Caller.From(context.User).Id, key);
        var fingerprint = await FingerprintAsync(context.Request);
        var now = time.GetUtcNow();
        switch (await store.BeginAsync(slot, fingerprint, now, context.RequestAborted))
        {
            case IdempotencyState.New:
                await RunAsync(context, response => StoreAsync(store, slot, now, response));
                break;
            case IdempotencyState.InProgress:
                context.Response.Headers.RetryAfter = "1";
                await Problems
                    .Create(
                        StatusCodes.Status409Conflict,
                        "The first request with this Idempotency-Key is still in progress."
                    )
                    .ExecuteAsync(context);
                break;
            case IdempotencyState.OtherRequest:
                await Problems
                    .Create(
                        StatusCodes.Status422UnprocessableEntity,
                        "This Idempotency-Key was used for a different request."
                    )
                    .ExecuteAsync(context);
                break;
            case IdempotencyState.Completed { Response: var response }:
                context.Response.StatusCode = response.Status;
                context.Response.ContentType = response.ContentType;
                context.Response.Headers.Location = response.Location;
                await WriteAsync(context, response.Body);
                break;
        }
    }

    private async Task RunAsync(HttpContext context, Func<IdempotentResponse?, Task> store)
    {
        var client = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        IdempotentResponse? response = null;
        try
        {
            await next(context);
            if (
                context.Response.StatusCode
                is < 500
                    and not (StatusCodes.Status408RequestTimeout or 425 or StatusCodes.Status429TooManyRequests)
            )
            {
                response = new(
                    context.Response.StatusCode,
                    context.Response.ContentType,
                    context.Response.Headers.Location,
                    buffer.ToArray()
                );
            }
        }
        finally
        {
            context.Response.Body = client;
            await store(response);
        }

        await WriteAsync(context, buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
    }

    // An empty write would send the headers, but an error without a body still gets one.
    private static Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body) =>
        body.IsEmpty ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();

    private async Task StoreAsync(
        IIdempotencyStore store,
        IdempotencySlot slot,
        DateTimeOffset begun,
        IdempotentResponse? response
    )
    {
        try
        {
            // Not the request's token: a client that disconnected must find the response when it retries.
            await store.EndAsync(slot, begun, response, CancellationToken.None);
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            // The request has succeeded: an error now would make the client repeat it.
            Log.NotStored(logger, e);
        }
    }

    private static async Task<byte[]> FingerprintAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            hash.AppendData(chunk, 0, read);
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.IdempotentResponseNotStored,
            LogLevel.Warning,
            "The response for an Idempotency-Key could not be stored"
        )]
        public static partial void NotStored(ILogger logger, Exception exception);
    }
}
