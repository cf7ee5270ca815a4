using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace CogniForge.ServiceDefaults.OpenApi;

/// <summary>
/// Adds the errors that follow from an endpoint's metadata. Responses that a handler declares take precedence.
/// </summary>
internal static class OpenApiErrors
{
    public static async Task DescribeAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        operation.Responses ??= [];
        foreach (
            var (status, description) in List(
                context.Description.ActionDescriptor.EndpointMetadata,
                operation,
                context.Description.RelativePath ?? ""
            )
        )
        {
            operation.Responses.TryAdd(
                $"{status}",
                await ResponseAsync(status, description, context, cancellationToken)
            );
        }
    }

    private static IEnumerable<(int Status, string Description)> List(
        IList<object> metadata,
        OpenApiOperation operation,
        string path
    )
    {
        var takesBody = operation.RequestBody is not null;
        if (takesBody || operation.Parameters?.Any(p => p.In != ParameterLocation.Path) == true)
        {
            yield return (
                StatusCodes.Status400BadRequest,
                "The request is not valid; the response lists each field and the rule that it breaks."
            );
        }

        // The other errors concern keys, stores and writes.
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            yield break;
        }

        yield return (StatusCodes.Status401Unauthorized, "The API key is missing or not valid.");
        if (metadata.OfType<ScopeRequirement>().Any())
        {
            yield return (
                StatusCodes.Status403Forbidden,
                "The API key lacks the scope, or is not accepted from this address."
            );
        }

        foreach (var error in metadata.OfType<PossibleError>())
        {
            yield return (error.Status, error.Description);
        }

        if (path.Contains('{', StringComparison.Ordinal))
        {
            yield return (StatusCodes.Status404NotFound, "Not found.");
        }

        if (metadata.OfType<IdempotentMetadata>().Any())
        {
            yield return (
                StatusCodes.Status409Conflict,
                "It already exists, or the first request with this Idempotency-Key is still in progress."
            );
            yield return (
                StatusCodes.Status422UnprocessableEntity,
                "The Idempotency-Key was used for a different request."
            );
        }

        if (takesBody)
        {
            yield return (StatusCodes.Status413PayloadTooLarge, "The body exceeds the maximum size.");
        }

        if (metadata.OfType<IAcceptsMetadata>().Any())
        {
            yield return (
                StatusCodes.Status415UnsupportedMediaType,
                "The body has another media type than those listed, or is compressed."
            );
        }

        yield return (
            StatusCodes.Status429TooManyRequests,
            "The service is overloaded and the key uses more than its share, or too many requests with invalid API "
                + "keys came from this address; retry after `Retry-After`."
        );
        yield return (
            StatusCodes.Status503ServiceUnavailable,
            "The service or a server that it needs is unavailable; retry after `Retry-After`."
        );
    }

    /// <summary>A reference to the response, which the document contains once.</summary>
    private static async Task<IOpenApiResponse> ResponseAsync(
        int status,
        string description,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var (shape, mediaType) = GetShape(status, context);
        var reason = ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase
            ? phrase.Replace(" ", "", StringComparison.Ordinal)
            : $"{status}";
        var id = $"{(mediaType == "application/json" ? shape?.Name ?? "Other" : "")}{reason}";
        if (context.Document!.Components?.Responses?.ContainsKey(id) != true)
        {
            var response = new OpenApiResponse { Description = description };
            if (shape is not null)
            {
                context.Document.AddComponent(
                    shape.Name,
                    await context.GetOrCreateSchemaAsync(shape, cancellationToken: cancellationToken)
                );
                response.Content = new Dictionary<string, OpenApiMediaType>
                {
                    [mediaType] = new() { Schema = new OpenApiSchemaReference(shape.Name, context.Document) },
                };
            }

            if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeader
                    {
                        Description = "Seconds.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                    },
                };
            }

            context.Document.AddComponent(id, response);
        }

        return new OpenApiResponseReference(id, context.Document);
    }

    private static (Type? Shape, string MediaType) GetShape(int status, OpenApiOperationTransformerContext context)
    {
        var shape = context.Description.ActionDescriptor.EndpointMetadata.OfType<ErrorShape>().LastOrDefault();
        return shape is null && context.Description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true
            ? (
                status == StatusCodes.Status400BadRequest
                    ? typeof(HttpValidationProblemDetails)
                    : typeof(ProblemDetails),
                "application/problem+json"
            )
            : (shape?.Type, "application/json");
    }
}
