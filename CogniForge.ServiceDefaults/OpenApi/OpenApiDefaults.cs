using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.ServiceDefaults.OpenApi;

/// <summary>What the OpenAPI documents of all services have in common. Each service calls <c>AddOpenApi</c> itself, for XML docs are read from the calling project.</summary>
public static class OpenApiDefaults
{
    private const string Scheme = "apiKey";

    /// <summary>Names the service, its key, and the scope and the errors of each endpoint.</summary>
    /// <param name="options">The document's options.</param>
    /// <param name="title">The service's name for people.</param>
    /// <param name="description">What it is for, in Markdown.</param>
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

                // The address is that of whoever reads the document.
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
                                "Any text of your own: the same request with the same key is done once in 24 hours, and its answer given again.",
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
    }
}
