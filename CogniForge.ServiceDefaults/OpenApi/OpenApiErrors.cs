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

/// <summary>The errors that an endpoint can answer by what it is: what a handler says of its own errors comes before.</summary>
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
                "The request is not valid; the answer names each field and the rule that it breaks."
            );
        }

        // Everything else is for everybody and needs nothing.
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            yield break;
        }

        yield return (StatusCodes.Status401Unauthorized, "There is no valid key.");
        if (metadata.OfType<ScopeRequirement>().Any())
        {
            yield return (StatusCodes.Status403Forbidden, "The key lacks the scope.");
        }

        foreach (var error in metadata.OfType<PossibleError>())
        {
            yield return (error.Status, error.Description);
        }

        if (path.Contains('{', StringComparison.Ordinal))
        {
            yield return (StatusCodes.Status404NotFound, "There is nothing of this name.");
        }

        if (metadata.OfType<IdempotentMetadata>().Any())
        {
            yield return (
                StatusCodes.Status409Conflict,
                "There is such a thing already, or the first request with this Idempotency-Key is still being answered."
            );
            yield return (
                StatusCodes.Status422UnprocessableEntity,
                "The Idempotency-Key was used for another request."
            );
        }

        if (takesBody)
        {
            yield return (StatusCodes.Status413PayloadTooLarge, "The body is larger than the service takes.");
        }

        if (metadata.OfType<IAcceptsMetadata>().Any())
        {
            yield return (StatusCodes.Status415UnsupportedMediaType, "The body is not JSON.");
        }

        yield return (
            StatusCodes.Status503ServiceUnavailable,
            "Something that the service needs is away; try again after the time that Retry-After says."
        );
    }

    /// <summary>A reference to the response, which the document has once.</summary>
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

    private static (Type? Shape, string MediaType) GetShape(int status, OpenApiOperationTransformerContext context) =>
        context.Description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true
            ? (
                status == StatusCodes.Status400BadRequest
                    ? typeof(HttpValidationProblemDetails)
                    : typeof(ProblemDetails),
                "application/problem+json"
            )
            : (
                context.Description.ActionDescriptor.EndpointMetadata.OfType<ErrorShape>().LastOrDefault()?.Type,
                "application/json"
            );
}
