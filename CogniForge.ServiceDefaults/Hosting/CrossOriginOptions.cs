using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace CogniForge.ServiceDefaults.Hosting;

/// <summary>The web pages of other origins that may call a service (section <c>CogniForge:Cors</c>).</summary>
public sealed class CrossOriginOptions : IValidatableObject
{
    private const string Any = "*";

    // How long a browser may remember the permission; longer ones would outlive a change of the setting.
    private static readonly TimeSpan _preflightMaxAge = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The origins of the pages, e.g. <c>https://app.example.com</c>, <c>https://*.example.com</c> for all subdomains,
    /// or <c>*</c> for any. Default: none.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>Whether pages of any origin may call the service.</summary>
    internal bool AllowsAny => AllowedOrigins.Contains(Any);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from origin in AllowedOrigins
        where origin != Any && !IsOrigin(origin)
        select new ValidationResult(
            "CogniForge:Cors:AllowedOrigins must be origins such as https://app.example.com, without a path, or *; "
                + $"'{origin}' is not one."
        );

    /// <summary>
    /// Allows every method and header, because SDKs send many of their own. Cookies are not sent: callers have keys.
    /// </summary>
    internal void Apply(CorsOptions options) =>
        options.AddDefaultPolicy(policy =>
            policy
                .WithOrigins([.. AllowedOrigins])
                .SetIsOriginAllowedToAllowWildcardSubdomains()
                .AllowAnyMethod()
                .AllowAnyHeader()
                .WithExposedHeaders(Any)
                .SetPreflightMaxAge(_preflightMaxAge)
        );

    private static bool IsOrigin(string text)
    {
        var origin = text.Replace("://*.", "://any.", StringComparison.Ordinal);
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && uri.GetLeftPart(UriPartial.Authority).Length == origin.Length;
    }
}
