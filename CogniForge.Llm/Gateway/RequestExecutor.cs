using CogniForge.Llm.Caching;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Gateway;

/// <summary>The steps that every request to a provider takes: admission, then calls of targets.</summary>
internal sealed class RequestExecutor(AdmissionController admission, FallbackExecutor fallback)
{
    /// <summary>Reserves what a request may need of the budgets and the rates.</summary>
    /// <returns>The context, whose lease the caller must dispose; or the recorded refusal.</returns>
    public async ValueTask<(InferenceContext? Context, ErrorResponse? Refusal)> AdmitAsync(
        AdmissionRequest request,
        ResolvedRoute route,
        PriceTable prices,
        InferenceRecorder recorder,
        IResponseWriter writer,
        InFlightRequest? inFlight,
        CancellationToken requestAborted
    )
    {
        var (lease, refusal) = await admission.AdmitAsync(request, prices, writer, requestAborted);
        if (refusal is not null)
        {
            return (null, recorder.RecordError(refusal));
        }

        var context = new InferenceContext
        {
            Id = recorder.Id,
            Caller = request.Caller.Id,
            Request = request.Request,
            Route = route,
            Writer = writer,
            Lease = lease!,
            Deadline = request.Now + route.Total,
            RequestAborted = requestAborted,
            InFlight = inFlight,
        };
        return (context, null);
    }

    /// <summary>Calls targets, with retries and fallback.</summary>
    /// <returns>The last call, which may have failed; or the recorded error of a request that none supports.</returns>
    /// <exception cref="BadHttpRequestException">The client's body broke off; that is recorded.</exception>
    /// <exception cref="OperationCanceledException">The client disconnected; that is recorded.</exception>
    public async Task<(FallbackResult? Last, ErrorResponse? Error)> CallAsync(
        InferenceContext context,
        InferenceRecorder recorder,
        IReadOnlyList<ResolvedTarget> targets,
        Func<ResolvedTarget, CancellationToken, Task<AttemptResult>> attempt
    )
    {
        try
        {
            var last = await fallback.ExecuteAsync(
                context.Caller,
                targets,
                (target, token) => AttemptAsync(context, recorder, target, attempt, token),
                context.Deadline,
                context.RequestAborted
            );
            context.WaitTime += last.RetryDelay;
            return (last, null);
        }
        catch (UnsupportedByProviderException e)
        {
            return (null, recorder.RecordError(new(ClientErrors.Unsupported(e)), context));
        }
        catch (BadHttpRequestException e)
        {
            recorder.RecordError(new(new(e.StatusCode, ErrorCategory.InvalidRequest, e.Message)), context);
            throw;
        }
        catch (OperationCanceledException)
        {
            recorder.RecordAborted(context);
            throw;
        }
    }

    /// <summary>Makes an attempt; it is the last one if the budget does not cover another beside it.</summary>
    private static async Task<AttemptResult> AttemptAsync(
        InferenceContext context,
        InferenceRecorder recorder,
        ResolvedTarget target,
        Func<ResolvedTarget, CancellationToken, Task<AttemptResult>> attempt,
        CancellationToken requestAborted
    )
    {
        var result = await attempt(target, requestAborted);

        // Not before: if this target is not called, the failed attempt may be the last one, which RecordError counts.
        recorder.CountFailedAttempt(context);
        context.FailedAttempt = result.Error is null ? null : (target, result);
        return
            result.IsLast || !result.MayCostBesideAnother || await context.Lease.TryReserveAgainAsync()
            ? result
            : result with { IsLast = true };
    }
}
