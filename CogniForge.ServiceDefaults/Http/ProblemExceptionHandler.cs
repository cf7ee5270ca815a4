using System.Text.Json;
using CogniForge.ServiceDefaults.Messaging;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>Turns what was thrown into problem details: the client's mistakes into 4xx that name field and rule, an absent dependency into 503.</summary>
internal sealed partial class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    private const string RetryAfterSeconds = "2";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = Describe(exception);
        if (problem.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            Log.DependencyAway(logger, context.Request.Path, exception.GetType().Name, exception.Message);
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }
        else if (problem.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            Log.Failed(logger, context.Request.Path, exception);
        }

        await problem.ExecuteAsync(context);
        return true;
    }

    private static ProblemHttpResult Describe(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } e => Problems.Of(e.StatusCode),
        BadHttpRequestException { InnerException: JsonException json } => Problems.Invalid([JsonErrors.Describe(json)]),
        JsonException json => Problems.Invalid([JsonErrors.Describe(json)]),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } e when e.Message.Contains("no body was provided", StringComparison.Ordinal) =>
            Problems.Invalid([new("", "must be JSON, and there is none")]),
        BadHttpRequestException e => Problems.Of(e.StatusCode, e.Message),
        JournalFullException e => Problems.Of(StatusCodes.Status503ServiceUnavailable, e.Message),
        _ when Availability.IsOutage(exception) => Problems.Of(StatusCodes.Status503ServiceUnavailable, "A store or the broker is away; try again shortly."),
        _ => Problems.Of(StatusCodes.Status500InternalServerError, "The service failed; its log has the trace id of this answer."),
    };

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Warning, "{Path}: a dependency is away ({Exception}: {Reason})")]
        public static partial void DependencyAway(ILogger logger, string path, string exception, string reason);

        [LoggerMessage(201, LogLevel.Error, "{Path} failed")]
        public static partial void Failed(ILogger logger, string path, Exception exception);
    }
}
