using Microsoft.OpenApi;

namespace CogniForge.Serving.Models;

/// <summary>Describes conditional requests in the OpenAPI document.</summary>
internal static class PreconditionExtensions
{
    /// <summary>Declares the header If-Match and the errors 409 and 412.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="canCreate">Whether it also takes If-None-Match: a client may ask for creation only.</param>
    public static RouteHandlerBuilder WithPrecondition(this RouteHandlerBuilder builder, bool canCreate = false) =>
        builder
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    Add("If-Match", "Apply the change only if the ETag is still one of these, or any for `*`.");
                    if (canCreate)
                    {
                        Add("If-None-Match", "`*`: apply the change only if it does not exist.");
                    }

                    return Task.CompletedTask;

                    void Add(string header, string description) =>
                        (operation.Parameters ??= []).Add(
                            new OpenApiParameter
                            {
                                Name = header,
                                In = ParameterLocation.Header,
                                Description = description,
                                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                            }
                        );
                }
            );
}
