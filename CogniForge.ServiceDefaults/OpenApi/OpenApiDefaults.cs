using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.ServiceDefaults.OpenApi;

/// <summary>
/// What the OpenAPI documents of all services share. Each service calls <c>AddOpenApi</c> itself, because it reads the
/// XML docs of the calling project.
/// </summary>
public static class OpenApiDefaults
{
    private const string Scheme = "apiKey";

    /// <summary>Adds the title, the API key scheme, and the scope and errors of each endpoint.</summary>
    /// <param name="options">The document's options.</param>
    /// <param name="title">The document's title.</param>
    /// <param name="description">The document's description, in Markdown.</param>
    public static void Configure(OpenApiOptions options, string title, string description)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.AddDocumentTransformer(
            (document, _, _) =>
            {
                document.Info = new()
                {
                    Title = title,
                    Version = "v1",
                    Description = description,
                };

                // Without servers, paths are relative to the document's own address.
                document.Servers?.Clear();
                document.Components ??= new();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [Scheme] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http,
                        Scheme = "bearer",
                        Description = "`Authorization: Bearer cf_…`, or the same key as `x-api-key`.",
                    },
                };
                return Task.CompletedTask;
            }
        );
        options.AddOperationTransformer(
            (operation, context, _) =>
            {
                var metadata = context.Description.ActionDescriptor.EndpointMetadata;
                if (!metadata.OfType<IAllowAnonymous>().Any())
                {
                    operation.Security =
                    [
                        new() { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] },
                    ];
                }

                var scopes = metadata.OfType<ScopeRequirement>().Select(s => s.Scope).Distinct().ToList();
                if (scopes.Count > 0)
                {
                    operation.Description =
                        $"{operation.Description}\n\nScope: `{string.Join("`, `", scopes)}`.".TrimStart();
                }

                if (metadata.OfType<IdempotentMetadata>().Any())
                {
                    (operation.Parameters ??= []).Add(
                        new OpenApiParameter
                        {
                            Name = IdempotencyMiddleware.Header,
                            In = ParameterLocation.Header,
                            Description =
                                "A unique value of your choice. For 24 hours, a repeated request with the same key "
                                + "returns the first response instead of running again.",
                            Schema = new OpenApiSchema
                            {
                                Type = JsonSchemaType.String,
                                MinLength = 1,
                                MaxLength = 255,
                                Pattern = "^[!-~]+$",
                            },
                        }
                    );
                }

                return Task.CompletedTask;
            }
        );
        options.AddOperationTransformer(OpenApiErrors.DescribeAsync);
        options.AddDocumentTransformer(RequiredMembers.DescribeAsync);
    }
}
