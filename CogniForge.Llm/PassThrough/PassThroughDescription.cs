using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace CogniForge.Llm.PassThrough;

/// <summary>Describes pass-through endpoints in the OpenAPI document, as far as the gateway reads them.</summary>
internal static class PassThroughDescription
{
    private const string Json = "application/json";

    public static void Add(OpenApiOperation operation, PassThroughEndpoint endpoint)
    {
        if (!endpoint.HasModel && !endpoint.Path.Contains('{', StringComparison.Ordinal))
        {
            (operation.Parameters ??= []).Add(
                new OpenApiParameter
                {
                    Name = PassThroughProviders.Parameter,
                    In = ParameterLocation.Query,
                    Description = "The provider's name. Default: OpenAI or Anthropic itself, then the first by name.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                }
            );
        }

        if (endpoint.Content != RequestContent.None)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [endpoint.Content == RequestContent.Json ? Json : "multipart/form-data"] = new()
                    {
                        Schema = DescribeBody(endpoint),
                        Example = endpoint.Example is { } example ? JsonNode.Parse(example) : null,
                    },
                },
            };
        }

        (operation.Responses ??= [])["200"] = new OpenApiResponse
        {
            Description = "The provider's response.",
            Content = DescribeResponse(endpoint),
        };
    }

    private static OpenApiSchema DescribeBody(PassThroughEndpoint endpoint) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "As the provider's API defines it.",
            Properties = endpoint.HasModel
                ? new Dictionary<string, IOpenApiSchema>
                {
                    ["model"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        Description =
                            "A route or a model. In a form, send it before files, which otherwise wait on disk.",
                    },
                }
                : null,
            Required = endpoint is { HasModel: true, DefaultModel: null } ? new HashSet<string> { "model" } : null,
        };

    private static Dictionary<string, OpenApiMediaType> DescribeResponse(PassThroughEndpoint endpoint)
    {
        var file = new OpenApiMediaType
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
        };
        if (endpoint.IsDownload || endpoint.Operation == "speech")
        {
            return new() { [endpoint.Operation == "speech" ? "audio/*" : "application/octet-stream"] = file };
        }

        var content = new Dictionary<string, OpenApiMediaType>
        {
            [Json] = new()
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
                Example = endpoint.IsList
                    ? new JsonObject { ["object"] = "list", ["data"] = new JsonArray() }
                    : new JsonObject { ["id"] = "…" },
            },
        };
        if (endpoint.HasModel && endpoint.Operation is "completions" or "images" or "transcriptions" or "speech")
        {
            content["text/event-stream"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "If `stream` is true: the events of the API.",
                },
            };
        }

        return content;
    }
}
