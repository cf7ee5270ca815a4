using System.Text.Json;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Sends the request of one attempt to its target. Every failure except the client's becomes an error of the result.
/// </summary>
internal sealed class ProviderCaller(IEnumerable<IProviderClient> clients, TimeProvider time)
{
    // A shorter wait for a response proves no fault of the target.
    private static readonly TimeSpan _minTimeout = TimeSpan.FromSeconds(10);

    private readonly IProviderClient[] _clients = [.. clients];

    /// <summary>Sends the request, and reads the response.</summary>
    /// <param name="context">The client's request.</param>
    /// <param name="target">The target.</param>
    /// <param name="request">The request to send.</param>
    /// <param name="limit">The timeout until the response begins, or of the whole response.</param>
    /// <param name="readAsync">Reads a successful response.</param>
    /// <param name="requestAborted">Cancelled when the client disconnects.</param>
    /// <exception cref="OperationCanceledException">The client disconnected.</exception>
    /// <exception cref="BadHttpRequestException">The client's body is too large or broke off.</exception>
    public async Task<AttemptResult> SendAsync(
        InferenceContext context,
        ResolvedTarget target,
        ProviderRequest request,
        TimeSpan limit,
        Func<ProviderResponse, AttemptProgress, AttemptTimeout, Task<AttemptResult>> readAsync,
        CancellationToken requestAborted
    )
    {
        context.Request.BodyShare?.EndWork();
        var progress = new AttemptProgress(target);
        context.CurrentAttempt = progress;
        context.LastTarget = target.Id;
        using var timeout = new AttemptTimeout(limit, context.Deadline, time, requestAborted);
        var result = await SendAsync(context, request, progress, timeout, readAsync, requestAborted);
        context.CurrentAttempt = null;
        return result;
    }

    private async Task<AttemptResult> SendAsync(
        InferenceContext context,
        ProviderRequest request,
        AttemptProgress progress,
        AttemptTimeout timeout,
        Func<ProviderResponse, AttemptProgress, AttemptTimeout, Task<AttemptResult>> readAsync,
        CancellationToken requestAborted
    )
    {
        var sent = time.GetTimestamp();
        try
        {
            var client = Array.Find(_clients, c => c.Serves(request.Provider.Kind))!;
            await using var response = await client.SendAsync(request, timeout.Token);
            context.WaitTime += time.GetElapsedTime(sent);
            response.BeforeBytes = (bytes, token) => CountResponseAsync(context.Request, progress, bytes, token);
            if (response.Status >= StatusCodes.Status400BadRequest)
            {
                var body = await response.ReadBodyAsync(timeout.Token);
                var error = ProviderErrorClassifier.ClassifyResponse(
                    response.Status,
                    body,
                    response.RetryAfter,
                    request.Body
                );
                return AttemptResult.Failed(response.IsRequestedFailure ? error with { IsTargetFault = false } : error);
            }

            progress.Cooldown = response.RetryAfter ?? TimeSpan.Zero;
            var result = await readAsync(response, progress, timeout);
            return result with { ProviderRequestId = response.RequestId };
        }
        catch (ProviderException e)
        {
            requestAborted.ThrowIfCancellationRequested();
            ThrowIfClientFault(e);
            return progress.ToResult(e.Error);
        }
        catch (JsonException)
        {
            return progress.ToResult(new(ErrorCategory.InvalidResponse, "the response does not follow the protocol"));
        }
        catch (OperationCanceledException) when (timeout.HasExpired)
        {
            return progress.ToResult(DescribeTimeout(timeout, progress));
        }
    }

    private static ProviderError DescribeTimeout(AttemptTimeout timeout, AttemptProgress progress) =>
        new(
            ErrorCategory.Timeout,
            timeout.EndsWithTotal ? "the route's total timeout expired"
                : progress.HasBegun ? "the stream stalled"
                : "no response in time"
        )
        {
            IsTargetFault = timeout.EndsWithTotal || timeout.Limit < _minTimeout ? false : null,
        };

    /// <summary>Waits until the key's other requests leave room for the bytes of a whole response.</summary>
    private static async ValueTask CountResponseAsync(
        InferenceRequest request,
        AttemptProgress progress,
        long bytes,
        CancellationToken cancellationToken
    )
    {
        if (request.BodyShare?.AddResponseAsync(bytes, cancellationToken).AsTask() is { } wait)
        {
            progress.HasWaitedForClient |= !wait.IsCompleted;
            await wait;
        }
    }

    /// <summary>What the client does wrong while its body is sent on is not the provider's fault.</summary>
    private static void ThrowIfClientFault(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            if (e is BadHttpRequestException bad)
            {
                throw new BadHttpRequestException(bad.Message, bad.StatusCode, bad);
            }
        }
    }
}
