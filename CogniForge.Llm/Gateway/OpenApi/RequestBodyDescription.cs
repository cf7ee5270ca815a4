using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>Describes request bodies in the OpenAPI document, because the endpoints bind them as raw JSON.</summary>
internal static class RequestBodyDescription
{
    public static async Task AddAsync<TRequest>(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(TRequest), cancellationToken: cancellationToken);
        if (
            operation.Responses?["200"].Content is { } response
            && typeof(TRequest).GetProperty(nameof(ChatCompletionRequest.Stream)) is not null
        )
        {
            response["text/event-stream"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "If `stream` is true: the events of the protocol.",
                },
            };
        }

        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
        };
    }
}
