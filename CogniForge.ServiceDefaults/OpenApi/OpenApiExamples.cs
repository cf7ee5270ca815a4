using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CogniForge.ServiceDefaults.OpenApi;

/// <summary>Adds examples to the OpenAPI document.</summary>
public static class OpenApiExamples
{
    /// <summary>Adds examples of the request and response bodies.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="request">The request body, JSON; null: none.</param>
    /// <param name="response">The body of a successful response, JSON; null: none.</param>
    public static RouteHandlerBuilder WithExamples(
        this RouteHandlerBuilder builder,
        string? request = null,
        string? response = null
    ) =>
        builder.AddOpenApiOperationTransformer(
            (operation, _, _) =>
            {
                if (
                    request is not null
                    && operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true
                )
                {
                    body.Example = JsonNode.Parse(request);
                }

                foreach (var (status, declared) in operation.Responses ?? [])
                {
                    if (
                        response is not null
                        && status is "200" or "201" or "202"
                        && declared.Content?.TryGetValue("application/json", out var content) == true
                    )
                    {
                        content.Example = JsonNode.Parse(response);
                    }
                }

                return Task.CompletedTask;
            }
        );

    /// <summary>Adds an example of a parameter.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="value">An example value.</param>
    public static RouteHandlerBuilder WithParameterExample(
        this RouteHandlerBuilder builder,
        string parameter,
        string value
    ) =>
        builder.AddOpenApiOperationTransformer(
            (operation, _, _) =>
            {
                operation.Parameters!.OfType<OpenApiParameter>().Single(p => p.Name == parameter).Example = value;
                return Task.CompletedTask;
            }
        );
}
