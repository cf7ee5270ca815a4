using Microsoft.Extensions.Options;

namespace CogniForge.Llm;

internal static class ValidatedOptionsExtensions
{
    /// <summary>Binds options to a section; invalid values and unknown settings end the start.</summary>
    public static OptionsBuilder<TOptions> AddValidatedOptions<TOptions>(
        this IServiceCollection services,
        string section
    )
        where TOptions : class
    {
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new UnknownSettingsValidator<TOptions>(
            provider.GetRequiredService<IConfiguration>().GetSection(section)
        ));
        return services.AddOptionsWithValidateOnStart<TOptions>().BindConfiguration(section).ValidateDataAnnotations();
    }
}
