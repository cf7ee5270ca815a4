using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A field that takes values of several types, for the OpenAPI document.</summary>
/// <param name="types">The types; null stands for JSON's null.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params Type?[] types) : Attribute
{
    public IReadOnlyList<Type?> Types => types;

    /// <summary>Describes such fields.</summary>
    public static async Task DescribeAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (
            context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(OneOfAttribute), false)
            is not [OneOfAttribute oneOf]
        )
        {
            return;
        }

        schema.OneOf = [];
        foreach (var type in oneOf.Types)
        {
            schema.OneOf.Add(
                type is null
                    ? new OpenApiSchema { Type = JsonSchemaType.Null }
                    : await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken)
            );
        }
    }
}
