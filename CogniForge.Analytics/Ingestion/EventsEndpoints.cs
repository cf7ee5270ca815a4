using System.ComponentModel;
using System.Text.Json;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CogniForge.Analytics.Ingestion;

/// <summary>The native event API.</summary>
internal static class EventsEndpoints
{
    private const int MaxLength = 200;
    private static readonly string _nameRule = $"must have 1 to {MaxLength} characters, none of them U+0000";

    public static void MapEvents(this IEndpointRouteBuilder endpoints)
    {
        var events = endpoints.MapGroup("/api/v1/events").WithTags("Events");
        events
            .MapPost("/", Track)
            .RequireScope(Scopes.Write("analytics"))
            .AcceptsBasic()
            .WithMaxEventSize(endpoints.ServiceProvider.GetRequiredService<IOptions<EventsOptions>>().Value)
            .WithName("TrackEvent")
            .WithSummary("Track an event; the response means that it is durable, and a query shows it a moment later")
            .WithExamples(
                """
                {
                  "event": "signed_up", "userId": "u1", "properties": { "plan": "free" },
                  "timestamp": "2026-11-21T09:13:52+00:00", "messageId": "e1"
                }
                """,
                """{ "messageId": "e1" }"""
            );
        events
            .MapGet("/count", Count)
            .TakesOnly("event")
            .RequireScope(Scopes.Read("analytics"))
            .WithName("CountEvents")
            .WithSummary("Count the recorded events")
            .WithExamples(response: """{ "count": 5000 }""");
    }

    public static Task<Results<Accepted<TrackResponse>, ProblemHttpResult>> Track(
        TrackRequest request,
        HttpContext context,
        EventCollector collector,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var errors = FieldErrors.From(Validate(request));
        if (errors.Count > 0)
        {
            return Task.FromResult<Results<Accepted<TrackResponse>, ProblemHttpResult>>(Problems.Invalid(errors));
        }

        var now = time.GetUtcNow();
        var userEvent = new UserEvent(
            request.MessageId ?? Guid.CreateVersion7(now).ToString(),
            request.Event!,
            request.UserId,
            request.AnonymousId,
            request.Properties,
            request.Timestamp?.ToUniversalTime() ?? now,
            now,
            Caller.From(context.User).Id
        );
        return AcceptAsync(collector.ExecuteAsync(userEvent, cancellationToken), userEvent.MessageId);
    }

    public static async Task<Results<Ok<CountResponse>, ProblemHttpResult>> Count(
        [Description("Counts only events with this name. Default: all events.")] string? @event,
        IUserEventStore events,
        CancellationToken cancellationToken
    ) =>
        @event is not null && !IsName(@event)
            ? Problems.Invalid([new("event", _nameRule)])
            : TypedResults.Ok(new CountResponse(await events.CountAsync(@event, cancellationToken)));

    // Keeps no reference to the parsed event, which takes several times its size, while the broker confirms it.
    private static async Task<Results<Accepted<TrackResponse>, ProblemHttpResult>> AcceptAsync(
        Task published,
        string messageId
    )
    {
        await published;
        return TypedResults.Accepted((string?)null, new TrackResponse(messageId));
    }

    private static IEnumerable<FieldError> Validate(TrackRequest request)
    {
        if (request.Event is null)
        {
            yield return new("event", "is required");
        }

        if (request.UserId is null && request.AnonymousId is null)
        {
            yield return new("userId", "is required unless there is an anonymousId");
        }

        foreach (
            var (path, text) in new[]
            {
                ("event", request.Event),
                ("userId", request.UserId),
                ("anonymousId", request.AnonymousId),
                ("messageId", request.MessageId),
            }
        )
        {
            if (text is not null && !IsName(text))
            {
                yield return new(path, _nameRule);
            }
        }

        if (request.Properties is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            yield return new("properties", "must be an object");
        }
        else if (
            request.Properties is { ValueKind: JsonValueKind.Object } properties
            && EventValidator.Validate(properties) is { } error
        )
        {
            yield return error with { Path = "properties" + error.Path };
        }
    }

    private static bool IsName(string text) => text.Length is >= 1 and <= MaxLength && EventValidator.IsText(text);
}
