using System.Diagnostics;
using System.Text.Json.Nodes;
using CogniForge.Llm.Application.Admission;
using CogniForge.Llm.Application.Attempts;
using CogniForge.Llm.Application.Caching;
using CogniForge.Llm.Application.Targets;
using CogniForge.Llm.Domain;
using CogniForge.Llm.Domain.Caching;
using CogniForge.Llm.Domain.Failures;
using CogniForge.Llm.Domain.Protocols;
using CogniForge.Llm.Domain.Routing;
using CogniForge.Llm.Domain.Spending;
using CogniForge.ServiceDefaults.Keys;
using CogniForge.ServiceDefaults.Messaging;

namespace CogniForge.Llm.Application;

/// <summary>A failure that the client is to be told of.</summary>
/// <param name="Error">The failure.</param>
/// <param name="HasBegun">Whether a stream has begun, so that it has to be told as an event of it.</param>
/// <param name="RetryAfter">When it is of use to try again; null: unknown.</param>
/// <param name="Route">The route that was found; null: none was.</param>
/// <param name="Target">The target that was asked last; null: none was.</param>
internal sealed record GatewayFailure(ClientError Error, bool HasBegun = false, TimeSpan? RetryAfter = null, string? Route = null, string? Target = null);

/// <summary>Answers a request: finds its route, asks the route's targets in their order with retries and fall-back, and records what happened before the answer ends.</summary>
internal sealed class Gateway(
    CurrentSettings settings, AdmissionDesk desk, AnswerCache cache, TargetStates states, Affinity affinity, TargetCall call, Journal<CompletionRecord> journal, LlmTelemetry telemetry, TimeProvider time)
{
    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="writer">Where the answer goes.</param>
    /// <param name="clientGone">The client has gone.</param>
    /// <returns>Null when the client has its answer.</returns>
    /// <exception cref="OperationCanceledException">The client has gone; that is recorded.</exception>
    /// <exception cref="JournalFullException">The answer cannot be recorded, so it is not given.</exception>
    public async Task<GatewayFailure?> ExecuteAsync(ClientRequest request, Caller caller, IAnswerWriter writer, CancellationToken clientGone)
    {
        var now = time.GetUtcNow();
        var current = settings.Value;
        var resolved = current.Routes.Resolve(request.Model);
        var record = new CompletionRecord
        {
            Id = Guid.CreateVersion7(now),
            OccurredAt = now,
            Caller = caller.Id,
            User = request.User,
            Route = resolved?.Route.Name,
            RequestedModel = request.Model,
            Model = request.Model,
            Protocol = request.Protocol.Name(),
            Streamed = request.Stream,

            // The request's own span, not that of a call: a consumer's span is a sibling of the provider's call, not a part of it.
            TraceParent = Activity.Current?.Id,
        };
        var started = time.GetTimestamp();
        if (resolved is not { } route)
        {
            return Failed(record, started, null, new(ClientErrors.UnknownModel(request.Model)));
        }

        if (AdmissionDesk.Forbids(caller, request, route.Route) is { } forbidden)
        {
            return Failed(record, started, null, forbidden);
        }

        var lookup = await cache.LookUpAsync(request, route.Route, caller.Id, clientGone);
        if (lookup.Answer is { } cached)
        {
            await AnswerAgainAsync(record, started, request, cached, writer, clientGone);
            return null;
        }

        var timeouts = EffectiveTimeouts.Of(route.Route.Timeouts);
        Func<DateTimeOffset, DateTimeOffset, IReadOnlyList<string>, CachedAnswer>? toCache = null;
        var order = affinity.Order(route, request);
        var claimant = new Claimant(record.Id, caller, request, route.Route, order, now, now + timeouts.Total);
        var (admission, refusal) = await AdmitAsync(claimant, current, lookup.Flight, writer, clientGone);
        if (refusal is not null)
        {
            return Failed(record, started, null, refusal);
        }

        using var admitted = admission!;
        order = admitted.Targets;
        Exchange exchange = null!;
        exchange = new Exchange
        {
            Id = record.Id,
            Request = request,
            Route = route,
            Writer = writer,
            Admitted = admitted,
            MaxOutputTokens = admitted.MaxOutputTokens,
            Timeouts = timeouts,
            Deadline = now + timeouts.Total,
            Started = started,
            ClientGone = clientGone,
            Flight = lookup.Flight,
            Answered = (target, facts, characters, body) =>
            {
                var answered = Answered(exchange, record, current, target, facts, characters);
                if (lookup.Flight is not null && !admitted.IsCut)
                {
                    var usage = facts.Usage ?? TokenEstimate.Usage(request.InputCharacters, characters);
                    var whole = body();
                    toCache = (now, expiry, tags) => new(whole, answered.Provider, answered.Model, target.Id, answered.FinishReason, usage, answered.Cost, now, expiry, tags);
                }
            },
        };

        var target = order[0];
        AttemptResult result;
        try
        {
            (target, result) = await AskAsync(exchange, order);
        }
        catch (UntranslatableException e)
        {
            return Failed(record, started, exchange, new(new(400, ErrorCategory.InvalidRequest, e.Message, e.Path)));
        }
        catch (OperationCanceledException)
        {
            Failed(Abandoned(record, exchange, current), started, exchange, new(new(499, ErrorCategory.Cancelled, "The client went away.")));
            throw;
        }
        finally
        {
            if (lookup.Flight is { } flight)
            {
                await flight.LandAsync(toCache);
            }
        }

        if (result.Failure is not { } failure)
        {
            affinity.Answered(route, request, order, target);
            return null;
        }

        var broken = record with { Provider = target.Provider.Name, Model = result.Facts?.Model ?? target.Model };
        if (result.HasBegun)
        {
            broken = Spent(broken, exchange, current, target, result.Facts, TokenEstimate.Usage(request.InputCharacters, result.OutputCharacters));
        }

        return Failed(broken, started, exchange, new(ClientErrors.Of(failure, target) with { RequestId = record.Id.ToString() }, result.HasBegun, failure.RetryAfter));
    }

    /// <summary>Asks whether the key's limits bear the request; where they do not, nobody waits for its answer any longer.</summary>
    private async ValueTask<(Admitted? Admitted, GatewayFailure? Refusal)> AdmitAsync(
        Claimant claimant, GatewaySettings current, CacheFlight? flight, IAnswerWriter writer, CancellationToken clientGone)
    {
        var (admitted, refusal) = (default(Admitted), default(GatewayFailure));
        try
        {
            (admitted, refusal) = await desk.AdmitAsync(claimant, current.Prices, writer, clientGone);
            return (admitted, refusal);
        }
        finally
        {
            if (admitted is null && flight is not null)
            {
                await flight.LandAsync(null);
            }
        }
    }

    /// <summary>Gives a cached answer: it costs nothing, and what it would have cost is saved.</summary>
    private async Task AnswerAgainAsync(CompletionRecord record, long started, ClientRequest request, CachedAnswer cached, IAnswerWriter writer, CancellationToken clientGone)
    {
        record = Timed(record.With(cached.Usage), started, null) with
        {
            Provider = cached.Provider,
            Model = cached.Model,
            FinishReason = cached.FinishReason,
            Cached = true,
            Cost = 0,
            Saved = cached.Cost,
        };
        journal.Append(record);
        telemetry.AnsweredAgain(record);
        var description = new AnswerDescription(record.Id, record.Route!, cached.Target, null, [], CacheResult.Hit, time.GetUtcNow() - cached.StoredAt);
        if (!request.Stream)
        {
            await writer.WriteAnswerAsync(description, cached.Body, clientGone);
            return;
        }

        var dialect = Dialects.Of(request.Protocol);
        writer.BeginStream(description);
        foreach (var item in dialect.Replay((JsonObject)JsonNode.Parse(cached.Body)!))
        {
            if (request.WantsUsage || request.Protocol != Protocol.ChatCompletions || dialect.ReadStream().Read(item) != EventKind.Usage)
            {
                await writer.WriteEventAsync(item, clientGone);
            }
        }

        foreach (var item in dialect.End)
        {
            await writer.WriteEventAsync(item, clientGone);
        }
    }

    /// <summary>Asks one target after the other, until one has answered or none can.</summary>
    private async Task<(ResolvedTarget Target, AttemptResult Result)> AskAsync(Exchange exchange, IReadOnlyList<ResolvedTarget> order)
    {
        AttemptResult? last = null;
        var asked = order[0];
        for (var i = 0; i < order.Count; i++)
        {
            var target = order[i];
            var state = states.Of(target.Id);
            var hasOther = i + 1 < order.Count;
            if (hasOther && state.CoolingUntil is not null)
            {
                continue;
            }

            asked = target;
            state.Retries.Earn();
            for (var attempts = 1; ; attempts++)
            {
                exchange.Attempts++;
                try
                {
                    last = await AttemptAsync(exchange, target, state);
                }
                catch (UntranslatableException) when (hasOther)
                {
                    break; // the next target may speak a protocol that can say it
                }

                if (last.Failure is not { } failure || last.HasBegun)
                {
                    state.Cool(exchange.Cooling ?? TimeSpan.Zero);
                    return (target, last);
                }

                telemetry.AttemptFailed(target, failure);
                if (failure.Category == ErrorCategory.RateLimited)
                {
                    state.Cool(failure.RetryAfter ?? TimeSpan.FromSeconds(1));
                }

                var step = RetryRules.Decide(failure, attempts, hasOther, exchange.Deadline - time.GetUtcNow(), Random.Shared.NextDouble());
                if (step is NextStep.GiveUp)
                {
                    return (target, last);
                }

                if (step is not NextStep.Retry(var delay) || !state.Retries.TryTake())
                {
                    break;
                }

                telemetry.Retried(target, failure);
                exchange.Waited += delay;
                await Task.Delay(delay, time, exchange.ClientGone);
            }

            if (exchange.Deadline <= time.GetUtcNow())
            {
                break;
            }

            if (hasOther)
            {
                telemetry.FellBack(target, order[i + 1]);
            }
        }

        return (asked, last!);
    }

    private async Task<AttemptResult> AttemptAsync(Exchange exchange, ResolvedTarget target, TargetState state)
    {
        using var span = telemetry.StartCall(exchange.Request, target);
        using var capture = telemetry.Capture(span);
        exchange.Capture = capture;
        var result = await state.ExecuteAsync(static (s, token) => s.call.RunAsync(s.exchange, s.target, token), (call, exchange, target), exchange.ClientGone);
        exchange.Asked = null;
        LlmTelemetry.EndCall(span, result);
        return result;
    }

    /// <summary>An answer is whole: it is recorded before the client has its end.</summary>
    private CompletionRecord Answered(Exchange exchange, CompletionRecord record, GatewaySettings current, ResolvedTarget target, AnswerFacts facts, int characters)
    {
        record = Timed(Spent(record, exchange, current, target, facts, TokenEstimate.Usage(exchange.Request.InputCharacters, characters)), exchange.Started, exchange);
        exchange.Admitted.Settle(record);
        journal.Append(record);
        telemetry.Answered(record, time.GetElapsedTime(exchange.Started) - exchange.Waited);
        return record;
    }

    private static CompletionRecord Spent(CompletionRecord record, Exchange exchange, GatewaySettings current, ResolvedTarget target, AnswerFacts? facts, TokenUsage estimate)
    {
        var usage = (facts?.Usage ?? estimate) with { Images = exchange.Request.Images };
        var charged = target.Provider.Kind == ProviderKind.OpenRouter ? facts?.Cost : null;
        var model = facts?.Model ?? target.Model;
        return record.With(usage) with
        {
            Provider = target.Provider.Name,
            Model = model,
            FinishReason = facts?.FinishReason,
            Attempts = exchange.Attempts,
            Cost = charged ?? current.Prices.CostOf(target.Provider.Name, model, target.Model, usage, record.OccurredAt),
        };
    }

    /// <summary>
    /// The client has gone while a target was answering: by all experience that is charged for, as far as it has come. How far an answer has come that is not streamed nobody knows; a budget counts the
    /// most that it may have, or whoever hangs up in time would spend what it does not bear.
    /// </summary>
    private static CompletionRecord Abandoned(CompletionRecord record, Exchange exchange, GatewaySettings current)
    {
        if (exchange.Asked is not var (target, progress))
        {
            return record;
        }

        var request = exchange.Request;
        var estimate = TokenEstimate.Usage(request.InputCharacters, progress.Reader?.OutputCharacters ?? 0);
        if (!request.Stream && exchange.Admitted.HasBudget)
        {
            estimate = estimate with { Output = (exchange.MaxOutputTokens ?? request.MaxOutputTokens ?? 0) * request.Choices };
        }

        return Spent(record, exchange, current, target, progress.Reader?.Facts, estimate);
    }

    private GatewayFailure Failed(CompletionRecord record, long started, Exchange? exchange, GatewayFailure failure)
    {
        record = Timed(record, started, exchange) with { Status = failure.Error.Status, Error = failure.Error.Category.Name(), Attempts = exchange?.Attempts ?? 0 };
        exchange?.Admitted.Settle(record);
        telemetry.Failed(record);
        try
        {
            journal.Append(record);
        }
        catch (JournalFullException)
        {
            // The client is told of the failure itself; that it is not in the log does not make it another one.
        }

        return failure with { Error = failure.Error with { RequestId = record.Id.ToString() }, Route = record.Route, Target = exchange?.LastAsked };
    }

    private CompletionRecord Timed(CompletionRecord record, long started, Exchange? exchange) => record with
    {
        DurationMs = time.GetElapsedTime(started).TotalMilliseconds,
        FirstChunkMs = exchange?.FirstChunk is { } first ? time.GetElapsedTime(started, first).TotalMilliseconds : null,
    };
}
