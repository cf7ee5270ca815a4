using System.Text.Json;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Errors;

/// <summary>
/// Turns exceptions into problem details: invalid requests into 4xx with field and rule, outages of dependencies into
/// 503.
/// </summary>
internal sealed partial class ProblemExceptionHandler(
    IOptions<JsonOptions> json,
    MigrationStatus migrations,
    ILogger<ProblemExceptionHandler> logger
) : IExceptionHandler
{
    private const string RetryAfterSeconds = "2";
    private const string Form = "multipart/form-data";

    public async ValueTask<bool> TryHandleAsync(
        HttpContext context,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        // ASP.NET has cleared the context's own endpoint for its error page.
        var fault = exception is BadHttpRequestException ? BodyFault.Describe(context) : null;
        var problem = fault ?? Describe(exception, context.Features.Get<IExceptionHandlerFeature>()?.Endpoint);
        if (problem.StatusCode == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }
        else if (problem.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            Log.DependencyAway(logger, context.Request.Path, exception.GetType().Name, exception.Message);
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }
        else if (problem.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            Log.Failed(logger, context.Request.Path, exception);
        }

        try
        {
            await problem.ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // A body that ends early fails before Kestrel notices that the client is gone.
        }

        return true;
    }

    private ProblemHttpResult Describe(Exception exception, Endpoint? endpoint) =>
        exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } e
                when TakesForm(endpoint) =>
                Problems.Create(
                    e.StatusCode,
                    $"The body must be a form, with 'Content-Type: {Form}' and its boundary."
                ),
            BodyTooLargeException or BadHttpRequestException { InnerException: BodyTooLargeException } =>
                Problems.Create(StatusCodes.Status413PayloadTooLarge, exception.Message),
            BadHttpRequestException
            {
                StatusCode: StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType
            } e => Problems.Create(e.StatusCode),
            BadHttpRequestException { InnerException: JsonException malformed } => Problems.Invalid([
                Describe(malformed, endpoint),
            ]),
            BadHttpRequestException e => BindingErrors.Describe(e, endpoint, json.Value.SerializerOptions) is { } error
                ? Problems.Invalid([error])
                : Problems.Create(e.StatusCode),

            // Binding throws this for a charset that .NET does not know (ArgumentException) or refuses, as UTF-7.
            InvalidOperationException
            {
                Source: "Microsoft.AspNetCore.Http.Extensions",
                InnerException: ArgumentException or NotSupportedException,
            } => Problems.Create(StatusCodes.Status415UnsupportedMediaType),

            // Kestrel throws this instead of a BadHttpRequestException for a chunk of more than 2 GiB.
            IOException { InnerException: OverflowException, Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } =>
                Problems.Create(StatusCodes.Status400BadRequest),
            OverloadedException e => Problems.Create(e.Status, e.Message),
            DependencyUnavailableException { Detail: { } detail } => Problems.Create(
                StatusCodes.Status503ServiceUnavailable,
                detail
            ),
            _ when TransientFaults.IsOutage(exception) || !migrations.Applied.IsCompletedSuccessfully =>
                Problems.Create(
                    StatusCodes.Status503ServiceUnavailable,
                    "A database, Redis or RabbitMQ is unavailable; try again shortly."
                ),

            // A JsonException that binding did not wrap concerns our own JSON.
            _ => Problems.Create(
                StatusCodes.Status500InternalServerError,
                "The service failed; its log contains the error under this trace id."
            ),
        };

    private static bool TakesForm(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains(Form) == true;

    private FieldError Describe(JsonException exception, Endpoint? endpoint) =>
        JsonErrors.Describe(
            exception,
            endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType,
            json.Value.SerializerOptions
        );

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.DependencyUnavailable,
            LogLevel.Warning,
            "{Path}: a dependency is unavailable ({Exception}: {Reason})"
        )]
        public static partial void DependencyAway(ILogger logger, string path, string exception, string reason);

        [LoggerMessage(EventIds.RequestFailed, LogLevel.Error, "{Path} failed")]
        public static partial void Failed(ILogger logger, string path, Exception exception);
    }
}
