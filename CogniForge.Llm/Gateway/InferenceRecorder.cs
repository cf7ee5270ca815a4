using CogniForge.Llm.Caching;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;
using CogniForge.Messaging.Journal;

namespace CogniForge.Llm.Gateway;

/// <summary>What is recorded of one request: what it cost is settled with its key's limits, and it is in the journal before its answer ends.</summary>
internal sealed class InferenceRecorder(
    InferenceRequest request,
    RequestLogEntry entry,
    PriceTable prices,
    Journal<RequestLogEntry> journal,
    GatewayTelemetry telemetry,
    TimeProvider time
)
{
    private readonly long _started = time.GetTimestamp();
    private bool _isAnswered;

    /// <summary>The gateway's id of the request, and of its record.</summary>
    public Guid Id => entry.Id;

    /// <summary>An answer is whole, and its end has not been given to the client.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Who has answered.</param>
    /// <param name="metadata">What the answer says of itself.</param>
    /// <param name="characters">How long it is, for an estimate of its tokens.</param>
    /// <exception cref="JournalFullException">The answer cannot be recorded, so it is not to be given.</exception>
    public RequestLogEntry RecordResponse(
        InferenceContext context,
        ResolvedTarget target,
        ResponseMetadata metadata,
        int characters
    )
    {
        var answered = Timed(Spent(context, target, metadata, characters), context);
        context.Admitted.Commit(answered);
        journal.Append(answered);
        _isAnswered = true;
        telemetry.Answered(answered, time.GetElapsedTime(_started) - context.RetryDelay);
        return answered;
    }

    /// <summary>A cached answer is given: it costs nothing, and what it would have cost is saved.</summary>
    /// <exception cref="JournalFullException">The answer cannot be recorded, so it is not to be given.</exception>
    public void RecordCachedResponse(CachedResponse cached)
    {
        var answered = Timed(entry.With(cached.Usage), null) with
        {
            Provider = cached.Provider,
            Model = cached.Model,
            FinishReason = cached.FinishReason,
            Cached = true,
            Cost = 0,
            Saved = cached.Cost,
        };
        journal.Append(answered);
        telemetry.AnsweredAgain(answered);
    }

    /// <summary>The request failed before any target had a part in it.</summary>
    /// <returns>The failure, with what the client is told beyond it.</returns>
    public GatewayFailure RecordFailure(GatewayFailure failure) => RecordFailure(entry, null, failure);

    /// <summary>The request failed for what it asks of its targets.</summary>
    /// <inheritdoc cref="RecordFailure(GatewayFailure)"/>
    public GatewayFailure RecordFailure(InferenceContext context, GatewayFailure failure) =>
        RecordFailure(entry, context, failure);

    /// <summary>The request failed at a target; what had come of a stream is charged for.</summary>
    /// <inheritdoc cref="RecordFailure(GatewayFailure)"/>
    public GatewayFailure RecordFailure(
        InferenceContext context,
        ResolvedTarget target,
        AttemptResult result,
        ProviderError error
    ) =>
        RecordFailure(
            result.HasBegun
                ? Spent(context, target, result.Metadata, result.OutputCharacters)
                : entry with
                {
                    Provider = target.Provider.Name,
                    Model = result.Metadata?.Model ?? target.Model,
                },
            context,
            new(ClientErrors.From(error, target), result.HasBegun, error.RetryAfter)
        );

    /// <summary>
    /// The client has gone; if it went while it was given a whole answer, that is recorded already. If a target was answering, that is by all experience charged for as far as it has come. How far an answer has come that is not streamed nobody knows; a budget counts the
    /// most that it may have, or whoever hangs up in time would spend what it does not bear.
    /// </summary>
    public void RecordAborted(InferenceContext context)
    {
        if (_isAnswered)
        {
            return;
        }

        var abandoned = entry;
        if (context.CurrentAttempt is var (target, progress))
        {
            var estimate = TokenEstimator.Usage(request.InputCharacters, progress.Reader?.OutputCharacters ?? 0);
            var atMost = !request.Stream && context.Admitted.HasBudget;
            if (atMost)
            {
                estimate = estimate with
                {
                    Output = (context.Admitted.MaxOutputTokens ?? request.MaxOutputTokens ?? 0) * request.Choices,
                };
            }

            abandoned = Spent(context, target, progress.Reader?.Metadata, estimate, atMost);
        }

        RecordFailure(abandoned, context, new(new(499, ErrorCategory.Cancelled, "The client went away.")));
    }

    private GatewayFailure RecordFailure(RequestLogEntry ended, InferenceContext? context, GatewayFailure failure)
    {
        ended = Timed(ended, context) with
        {
            Status = failure.Error.Status,
            Error = failure.Error.Category.Name(),
            Attempts = context?.Attempts ?? 0,
        };
        context?.Admitted.Commit(ended);
        telemetry.Failed(ended);
        try
        {
            journal.Append(ended);
        }
        catch (JournalFullException)
        {
            // The client is told of the failure itself; that it is not in the log does not make it another one.
        }

        return failure with
        {
            Error = failure.Error with { RequestId = Id.ToString() },
            Route = entry.Route,
            Target = context?.LastTarget,
        };
    }

    private RequestLogEntry Spent(
        InferenceContext context,
        ResolvedTarget target,
        ResponseMetadata? metadata,
        int characters
    ) => Spent(context, target, metadata, TokenEstimator.Usage(request.InputCharacters, characters));

    private RequestLogEntry Spent(
        InferenceContext context,
        ResolvedTarget target,
        ResponseMetadata? metadata,
        TokenUsage estimate,
        bool atMost = false
    )
    {
        var usage = (metadata?.Usage ?? estimate) with { Images = request.Images };
        var charged = target.Provider.Kind == ProviderKind.OpenRouter ? metadata?.Cost : null;
        var model = metadata?.Model ?? target.Model;
        var price = charged is null ? prices.Find(target.Provider.Name, model, target.Model, entry.OccurredAt) : null;
        var tier = price is null
            ? null
            : metadata?.ServiceTier ?? ServiceTier.GetRequested(request, context.Route.Route, target);
        var factor = atMost ? price?.GetMaxMultiplier(tier) : price?.GetMultiplier(tier);
        if (price is not null && factor is null)
        {
            // The standard rate is the best that is known; null would hide the whole cost.
            usage = usage with
            {
                IsEstimated = true,
            };
            telemetry.TierUnpriced($"{target.Provider.Name}/{model}", tier!);
        }

        return entry.With(usage) with
        {
            Provider = target.Provider.Name,
            Model = model,
            FinishReason = metadata?.FinishReason,
            Attempts = context.Attempts,
            Cost = charged ?? price?.CalculateCost(usage, factor ?? 1),
        };
    }

    private RequestLogEntry Timed(RequestLogEntry ended, InferenceContext? context) =>
        ended with
        {
            DurationMs = time.GetElapsedTime(_started).TotalMilliseconds,
            FirstChunkMs = context?.FirstChunk is { } first
                ? time.GetElapsedTime(_started, first).TotalMilliseconds
                : null,
        };
}
