using CogniForge.Llm.Providers;

namespace CogniForge.Llm.PassThrough;

/// <summary>A client's form, streamed as it arrives, with the provider's name of the model.</summary>
internal sealed class FormContent : ClientContent
{
    private readonly ModelForm _form;
    private readonly string _model;

    /// <param name="form">The form.</param>
    /// <param name="model">The provider's name of the model.</param>
    public FormContent(ModelForm form, string model)
    {
        (_form, _model) = (form, model);
        Headers.TryAddWithoutValidation("Content-Type", form.ContentType);
    }

    protected override Task WriteAsync(Stream stream, CancellationToken cancellationToken) =>
        _form.WriteAsync(stream, _model, cancellationToken);

    // A second model may follow, so that the length is not known to the end.
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
